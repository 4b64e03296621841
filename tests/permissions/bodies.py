"""What a request must carry to succeed, by address and method: only the gate may be what refuses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import USUAL, Kind
from footprint.exchange.pact_sheet.writing import write
from footprint.partners.catenax.writing import write as catenax_of
from footprint.partners.pact.texts import exact_text
from footprint.sharing.models import SharingRequest
from footprint.verification.models import Engagement
from tests.footprint.partners.documents import whole
from tests.permissions.world import World

Things = dict[str, Any]
NAMES = {"code": "new-one", "name_zh": "新"}
EMISSION = {"gas": "CO2", "origin": "fossil", "amount": "1", "unit": "kg"}
AIR = {"direction": "output", "kind": "elementary", "compartment": "air"}
FACTOR = {
    "geography": "CN", "reference_year": "2023", "scope": "co2", "boundary": "direct", "gwp_set": "",
    "source": "test", "source_locator": "table 1",
    "transcription": "single", "note_zh": "", "note_en": "", "gas_1": "CO2",
    "origin_1": "fossil", "kg_1": "0.5307",
}  # fmt: skip
DAYS_2024 = {"period_start": "2024-01-01", "period_end": "2024-12-31"}
PROCESS = {**NAMES, "allocation_method": "mass", "price_years": "reference", "version": 1}

HOOK = {"name": "SAP", "url": "https://erp.example/hooks", "kinds": ["job.done"]}
PRACTICE = {
    "name_zh": "优化疏水", "target": "heat", "percent": "-5", "before": "10", "after": "9",
    "effect_of": "GJ/t", "evidence": "Two meters over a year.",
}  # fmt: skip


def _asking(world: World) -> Things:
    """The terms of a request to somebody who is nobody's neighbour."""
    request = SharingRequest.objects.get(uuid=world.opened["sharing"])
    days = {"period_start": "2025-01-01", "period_end": "2025-12-31", "due_on": str(request.due_on)}
    terms = {"wanted": "x", "unit": "kg", "level": "total", "purpose": "x", **days}
    return {"supplier": str(request.supplier.uuid), **terms}


def _package() -> SimpleUploadedFile:
    """A zip with nothing in it."""
    return SimpleUploadedFile("x.zip", b"PK\x05\x06" + bytes(18))


def _engaging(world: World, things: Things) -> Things:
    """Another verification of the publication, once the one under way is cancelled."""
    Engagement.objects.filter(uuid=things["engagement"]).update(state="cancelled")
    whom = Engagement.objects.get(uuid=world.opened["engagement"]).verifier
    assert whom is not None
    day = timezone.localdate() + timedelta(days=30)
    terms = {"level": "limited", "standard": "ISO 14064-3", "access_until": str(day)}
    return {"publication": things["publication"], "verifier": str(whom.uuid), **terms}


SHEET = write([whole()])
PCF = exact_text(catenax_of(whole()).document)
PARTNER = {"name": "SAP", "speaks": "3", "answers": "people"}

QUERIES = {
    "api/v1/footprints/{uuid}/bridge/": "?from=2025",
    "api/v1/footprints/{uuid}/below/": "?than={footprint}",
    "api/v1/partner-footprints/{uuid}/differences/": "?from={received}",
    "processes/{process_uuid}/add-line/": "?what=emission",
    "products/{product_uuid}/scenario/providers/": "?of={exchange}",
    "api/v1/practices/{uuid}/levers/": "?product={product}",
    "api/v1/exchanges/{uuid}/evidence/": "?name=reading.txt",
}
PAGES: dict[tuple[str, str], Callable[[World, Things], Things]] = {
    ("companies/add/", "POST"): lambda w, t: {**NAMES, "name_en": "New", "kind": "member"},
    ("companies/{company_uuid}/group/", "POST"): lambda w, t: {"name_zh": "新", "name_en": "New"},
    ("companies/{company_uuid}/change/", "POST"): lambda w, t: {"name_zh": "新", "name_en": "New"},
    ("companies/{company_uuid}/add-site/", "POST"): lambda w, t: {**NAMES, "province": "CN-SD"},
    ("sites/{site_uuid}/change/", "POST"): lambda w, t: {**NAMES, "province": "CN-SD"},
    ("sites/{site_uuid}/add-inventory/", "POST"): lambda w, t: {**DAYS_2024, "title": ""},
    ("inventories/{inventory_uuid}/change/", "POST"): lambda w, t: {**DAYS_2024, "title": "x", "version": 1},
    ("inventories/{inventory_uuid}/add-process/", "POST"): lambda w, t: PROCESS,
    ("processes/{process_uuid}/", "POST details"): lambda w, t: {"what": "details", **PROCESS},
    ("processes/{process_uuid}/", "POST shares"): lambda w, t: {
        "what": "shares", "version": 1, "line_1": "0.5", "line_2": "0.5"
    },
    ("processes/{process_uuid}/", "POST basis"): lambda w, t: {
        "what": "basis", "version": 1, "unit": "kg", "line_1": "1", "line_2": "2"
    },
    ("processes/{process_uuid}/", "POST answers"): lambda w, t: {
        "what": "answers", "answer_substitution": "no", "source_substitution": "a study"
    },
    ("processes/{process_uuid}/", "POST prices"): lambda w, t: {
        "what": "prices", "price_2024_1": "5", "price_2024_2": "6"
    },
    ("companies/{company_uuid}/people/invite/", "POST"): lambda w, t: {
        "email": "new@example.com", "roles": ["approver"], "locale": "en"
    },
    ("companies/{company_uuid}/people/{person_uuid}/roles/", "POST"): lambda w, t: {"roles": ["approver"]},
    ("notifications/settings/", "POST"): lambda w, t: {kind.value: USUAL[kind].value for kind in Kind},
    ("companies/{company_uuid}/clients/add/", "POST"): lambda w, t: {"name": "SAP", "days": 90},
    ("clients/{client_uuid}/change/", "POST"): lambda w, t: {"name": "SAP"},
    ("clients/{client_uuid}/secret/", "POST"): lambda w, t: {"days": 90},
    **{
        (route, "POST"): lambda w, t: {"name": "Somebody", "locale": "en"}
        for route in (
            *("account/", "accounts/email/", "accounts/sessions/"),
            *("accounts/2fa/", "accounts/2fa/webauthn/"),
        )
    },
    ("partners/check/", "POST"): lambda w, t: {"document": "{}"},
    ("sharing/ask/", "POST"): lambda w, t: _asking(w),
    ("sharing/{sharing_uuid}/move/", "POST"): lambda w, t: {"move": "review"},
    ("sharing/{sharing_uuid}/accept/", "POST"): lambda w, t: {"usability": "1"},
    ("sharing/{sharing_uuid}/dispute/", "POST"): lambda w, t: {
        "code": "unit", "line": "whole", "reason": "x"
    },
    ("partners/add/", "POST"): lambda w, t: PARTNER,
    ("webhooks/add/", "POST"): lambda w, t: HOOK,
    ("webhooks/{webhook_uuid}/change/", "POST"): lambda w, t: {**HOOK, "is_active": "on"},
    ("partners/{connection_uuid}/change/", "POST"): lambda w, t: PARTNER,
    ("partners/{connection_uuid}/secret/", "POST"): lambda w, t: {"days": 90},
    ("partners/{connection_uuid}/networks/", "POST"): lambda w, t: {"networks": "203.0.113.0/24"},
    ("partners/{connection_uuid}/grant/", "POST"): lambda w, t: {"product": "", "level": "total"},
    ("partners/{connection_uuid}/sheet/", "POST"): lambda w, t: {
        "sheet": SimpleUploadedFile("x.xlsx", SHEET)
    },
    ("partners/{connection_uuid}/catenax/", "POST"): lambda w, t: {"document": PCF},
    ("partners/{connection_uuid}/ask/", "POST"): lambda w, t: {"product_ids": "urn:gtin:1"},
    ("connect/", "POST"): lambda w, t: {},
    ("partners/requests/{connection_request_uuid}/accept/", "POST"): lambda w, t: {"name": "New partner"},
    ("partners/requests/{connection_request_uuid}/refuse/", "POST"): lambda w, t: {"reason": "x"},
    ("partners/reception/{company_uuid}/", "POST"): lambda w, t: {"is_open": "yes"},
    ("partners/events/{event_uuid}/", "POST"): lambda w, t: {"reject": "", "reason": "x", "level": "total"},
    ("submissions/{submission_uuid}/move/", "POST withdraw"): lambda w, t: {
        "move": "withdraw", "reason": "x"
    },
    ("submissions/{submission_uuid}/move/", "POST return"): lambda w, t: {"move": "return", "reason": "x"},
    ("submissions/{submission_uuid}/ask/", "POST"): lambda w, t: {"text": "Why?"},
    ("threads/{thread_uuid}/answer/", "POST"): lambda w, t: {"text": "Because."},
    ("products/{product_uuid}/publish/", "POST"): lambda w, t: {
        "footprint": str(t["footprint"]), "visibility": "alliance"
    },
    ("publications/{publication_uuid}/move/", "POST withdraw"): lambda w, t: {
        "move": "withdraw", "reason": "x"
    },
    ("products/{product_uuid}/benchmark/", "POST"): lambda w, t: {"move": "leave"},
    ("products/{product_uuid}/target/", "POST"): lambda w, t: {"move": "drop"},
    ("benchmarks/propose/", "POST"): lambda w, t: {
        "category": "ethylene", "year": "2023", "profile": "here", "purpose": "x", "necessity": "y"
    },
    ("verifications/{engagement_uuid}/move/", "POST cancel"): lambda w, t: {"move": "cancel", "reason": "x"},
    ("verifications/{engagement_uuid}/add-line/", "POST"): lambda w, t: {"line": str(t["unsampled"])},
    ("verifications/{engagement_uuid}/findings/", "POST"): lambda w, t: {"severity": "note", "text": "x"},
    ("verifications/{engagement_uuid}/say/", "POST"): lambda w, t: {"text": "x"},
    ("sharing/{sharing_uuid}/say/", "POST"): lambda w, t: {"text": "x"},
    ("sampled-lines/{line_uuid}/", "POST"): lambda w, t: {"verdict": "agrees", "evidence": "x"},
    ("findings/{finding_uuid}/answer/", "POST"): lambda w, t: {"answer": "x"},
    ("exports/", "POST"): lambda w, t: {"company": str(t["company"])},
    ("processes/{process_uuid}/add-line/", "POST"): lambda w, t: {**EMISSION, "data_type": "measured"},
    ("exchanges/{exchange_uuid}/", "POST"): lambda w, t: {
        "amount": "9", "unit": "kWh", "data_type": "measured", "version": 1
    },
    ("exchanges/{exchange_uuid}/amount/", "POST"): lambda w, t: {"amount": "9", "version": 1},
    ("exchanges/{exchange_uuid}/evidence/", "POST"): lambda w, t: {
        "file": SimpleUploadedFile("x.txt", b"read by hand")
    },
    ("exchanges/{exchange_uuid}/undo/", "POST"): lambda w, t: {
        "before": json.dumps({"comment": "as before"}), "version": 1
    },
    ("processes/{process_uuid}/remove/", "POST"): lambda w, t: {"version": 1},
    ("exchanges/{exchange_uuid}/remove/", "POST"): lambda w, t: {"version": 1},
    ("products/add/", "POST"): lambda w, t: {**NAMES, "unit": "kg", "kind": "product"},
    ("products/{product_uuid}/change/", "POST"): lambda w, t: {
        **NAMES, "unit": "kg", "kind": "product", "version": 1
    },
    ("products/{product_uuid}/share/", "POST"): lambda w, t: {"recipient": str(w.others["foreign"].uuid)},
    ("products/{product_uuid}/scenarios/save/", "POST"): lambda w, t: {
        "name": "mine", "levers": json.dumps([{"exchange": str(t["exchange"]), "percent": "10"}])
    },
    ("submissions/{submission_uuid}/checklist/", "POST"): lambda w, t: {"all": "*"},
    ("practices/add/", "POST"): lambda w, t: PRACTICE,
    ("practices/{practice_uuid}/change/", "POST"): lambda w, t: {**PRACTICE, "version": 1},
    ("practices/{practice_uuid}/move/", "POST"): lambda w, t: {"move": "hand_in", "version": 1},
    ("scenarios/{scenario_uuid}/rename/", "POST"): lambda w, t: {"name": "other", "version": 1},
    ("scenarios/{scenario_uuid}/delete/", "POST"): lambda w, t: {"version": 1},
    ("factors/{factor_uuid}/publish/", "POST"): lambda w, t: FACTOR,
    ("factors/{factor_uuid}/withdraw/{number}/", "POST"): lambda w, t: {"reason": "wrong table"},
    ("imports/", "POST"): lambda w, t: {
        "company": str(t["company"]), "site": "", **DAYS_2024, "package": _package()
    },
    ("inventories/{inventory_uuid}/openlca/files/", "POST"): lambda w, t: {"gwp": "AR6"},
    ("inventories/{inventory_uuid}/workbook/", "POST"): lambda w, t: {
        "workbook": SimpleUploadedFile("x.xlsx", b"PK")
    },
    ("processes/{process_uuid}/paste/", "POST"): lambda w, t: {"text": "9", "at": str(t["exchange"])},
    ("workbooks/{upload_uuid}/", "POST apply"): lambda w, t: {"what": "apply", "version": 1},
    ("workbooks/{upload_uuid}/", "POST compare"): lambda w, t: {"what": "compare", "version": 1},
    ("workbooks/{upload_uuid}/", "POST discard"): lambda w, t: {"what": "discard", "version": 1},
    ("i18n/setlang/", "POST"): lambda w, t: {"language": "en"},
}  # fmt: skip
API: dict[tuple[str, str], Callable[[World, Things], Things | bytes]] = {
    ("api/v1/benchmark-definitions/", "POST"): lambda w, t: {
        "category": "ethylene", "year": 2023, "profile": "here", "purpose": "x", "necessity": "y"
    },
    ("api/v1/factor-versions/{uuid}/withdrawal/", "POST"): lambda w, t: {"reason": "wrong table"},
    ("api/v1/product-category-rules/{code}/trials/", "POST"): lambda w, t: {"number": 1},
    ("api/v1/factor-releases/", "POST"): lambda w, t: {"name": "2026-9"},
    ("api/v1/companies/", "POST"): lambda w, t: {**NAMES, "name_en": "New"},
    ("api/v1/companies/{uuid}/", "PATCH"): lambda w, t: {"name_en": "New"},
    ("api/v1/companies/{uuid}/group/", "POST"): lambda w, t: {"name_en": "New"},
    ("api/v1/companies/{uuid}/identifiers/", "POST"): lambda w, t: {"duns": "150483782"},
    ("api/v1/sites/", "POST"): lambda w, t: {**NAMES, "company": t["company"], "province": "CN-SD"},
    ("api/v1/sites/{uuid}/", "PATCH"): lambda w, t: {"name_en": "New"},
    ("api/v1/products/", "POST"): lambda w, t: {**NAMES, "company": t["company"], "unit": "kg"},
    ("api/v1/products/{uuid}/", "PATCH"): lambda w, t: {"name_en": "New"},
    ("api/v1/inventories/", "POST"): lambda w, t: {"site": t["site"], **DAYS_2024},
    ("api/v1/inventories/{uuid}/", "PATCH"): lambda w, t: {"title": "New"},
    ("api/v1/inventories/{uuid}/openlca-files/", "POST"): lambda w, t: {},
    ("api/v1/inventories/{uuid}/exchanges/", "POST"): lambda w, t: {
        "lines": [{"uuid": t["exchange"], "version": 1, "amount": "9"}]
    },
    ("api/v1/inventories/{uuid}/workbook/", "POST"): lambda w, t: b"PK",
    ("api/v1/partner-connections/", "POST"): lambda w, t: {"company": t["company"], "name": "SAP"},
    ("api/v1/partner-connections/{uuid}/", "PATCH"): lambda w, t: {"name": "other"},
    ("api/v1/partner-connections/{uuid}/networks/", "POST"): lambda w, t: {"networks": []},
    ("api/v1/partner-connections/{uuid}/ask/", "POST"): lambda w, t: {"product_ids": ["urn:gtin:1"]},
    ("api/v1/partner-grants/", "POST"): lambda w, t: {"connection": t["connection"], "level": "total"},
    ("api/v1/connection-receptions/{uuid}/", "PATCH"): lambda w, t: {"is_open": True},
    ("api/v1/connection-requests/{uuid}/moves/", "POST"): lambda w, t: {"move": "refuse", "reason": "x"},
    ("api/v1/partner-events/{uuid}/answer/", "POST"): lambda w, t: {"footprints": [t["offered"]]},
    ("api/v1/partner-events/{uuid}/reject/", "POST"): lambda w, t: {"reason": "x"},
    ("api/v1/partner-connections/{uuid}/catenax/", "POST"): lambda w, t: {"document": json.loads(PCF)},
    ("api/v1/partner-connections/{uuid}/sheet/", "POST"): lambda w, t: SHEET,
    ("api/v1/upserts/products/", "POST"): lambda w, t: {
        "company": t["company"], "rows": [{**NAMES, "unit": "kg"}]
    },
    ("api/v1/upserts/activities/", "POST"): lambda w, t: {
        "inventory": t["inventory"],
        "rows": [{"external_id": "new", "process": str(t["process"]), **AIR, **EMISSION}],
    },
    ("api/v1/upserts/production-volumes/", "POST"): lambda w, t: {
        "inventory": t["inventory"],
        "rows": [{"process": str(t["process"]), "product": str(t["product"]), "amount": "9", "unit": "kg"}],
    },
    ("api/v1/upserts/bills-of-material/", "POST"): lambda w, t: {
        "inventory": t["inventory"],
        "rows": [{"process": str(t["process"]), "product": str(t["product"]), "quantity": "9", "unit": "kg"}],
    },
    ("api/v1/conformance-runs/", "POST"): lambda w, t: {"connection": t["connection"]},
    ("api/v1/webhooks/", "POST"): lambda w, t: {"company": t["company"], **HOOK},
    ("api/v1/webhooks/{uuid}/", "PATCH"): lambda w, t: {"name": "other"},
    ("api/v1/workbook-uploads/{uuid}/apply/", "POST"): lambda w, t: {"version": 1},
    ("api/v1/unit-processes/", "POST"): lambda w, t: {**NAMES, "inventory": t["inventory"]},
    ("api/v1/unit-processes/{uuid}/", "PATCH"): lambda w, t: {"technology": "new"},
    ("api/v1/unit-processes/{uuid}/allocation-shares/", "PUT"): lambda w, t: {
        "shares": [{"product": t["product"], "share": "0.5"}, {"product": t["second"], "share": "0.5"}]
    },
    ("api/v1/unit-processes/{uuid}/allocation-answers/", "PUT"): lambda w, t: {
        "answers": [{"question": "substitution", "answer": False, "source": "a study"}]
    },
    ("api/v1/exchanges/", "POST"): lambda w, t: {"process": t["process"], **AIR, **EMISSION},
    ("api/v1/exchanges/{uuid}/evidence/", "POST"): lambda w, t: b"read by hand",
    ("api/v1/exchanges/{uuid}/prices/{year}/", "PUT"): lambda w, t: {"price": "9"},
    ("api/v1/exchanges/{uuid}/", "PATCH"): lambda w, t: {"amount": "9"},
    ("api/v1/practices/", "POST"): lambda w, t: {"company": t["company"], **PRACTICE},
    ("api/v1/practices/{uuid}/", "PATCH"): lambda w, t: {"effect_of": "GJ"},
    ("api/v1/practices/{uuid}/moves/", "POST"): lambda w, t: {"move": "hand_in"},
    ("api/v1/submissions/", "POST"): lambda w, t: {"inventory": t["idle_inventory"]},
    ("api/v1/review-threads/", "POST"): lambda w, t: {"submission": t["submission"], "text": "Why?"},
    ("api/v1/review-threads/{uuid}/replies/", "POST"): lambda w, t: {"text": "Because."},
    ("api/v1/notification-settings/", "PATCH"): lambda w, t: {"question": "never"},
    ("api/v1/submissions/{uuid}/checklist/", "POST"): lambda w, t: {"answers": []},
    ("api/v1/submissions/{uuid}/moves/", "POST"): lambda w, t: {"move": "withdraw", "reason": "x"},
    ("api/v1/footprint-checks/", "POST"): lambda w, t: {"document": {}},
    ("api/v1/sharing-requests/", "POST"): lambda w, t: {**_asking(w), "company": t["company"]},
    ("api/v1/sharing-requests/{uuid}/moves/", "POST"): lambda w, t: {"move": "review"},
    ("api/v1/sharing-requests/{uuid}/judgement/", "POST"): lambda w, t: {
        "judgement": "accept", "usability": 1
    },
    ("api/v1/publications/", "POST"): lambda w, t: {"footprint": t["footprint"], "visibility": "alliance"},
    ("api/v1/publications/{uuid}/moves/", "POST"): lambda w, t: {"move": "withdraw", "reason": "x"},
    ("api/v1/verifications/", "POST"): lambda w, t: _engaging(w, t),
    ("api/v1/verifications/{uuid}/lines/", "POST"): lambda w, t: {"line": str(t["unsampled"])},
    ("api/v1/verifications/{uuid}/closings/", "POST"): lambda w, t: {"finding": t["finding"]},
    ("api/v1/verifications/{uuid}/moves/", "POST"): lambda w, t: {"move": "cancel", "reason": "x"},
    ("api/v1/verifications/{uuid}/marks/", "POST"): lambda w, t: {
        "line": t["line"],
        "verdict": "agrees",
        "evidence": "x",
    },
    ("api/v1/verifications/{uuid}/findings/", "POST"): lambda w, t: {"severity": "note", "text": "x"},
    ("api/v1/verifications/{uuid}/remarks/", "POST"): lambda w, t: {"text": "x"},
    ("api/v1/sharing-requests/{uuid}/remarks/", "POST"): lambda w, t: {"text": "x"},
    ("api/v1/verifications/{uuid}/answers/", "POST"): lambda w, t: {"finding": t["finding"], "answer": "x"},
    ("api/v1/scenarios/", "POST"): lambda w, t: {
        "product": t["product"], "year": 2025, "name": "mine",
        "levers": [{"exchange": t["exchange"], "percent": "10"}],
    },
    ("api/v1/scenarios/{uuid}/", "PATCH"): lambda w, t: {"name": "other"},
    ("api/v1/uncertainty-runs/", "POST"): lambda w, t: {"samples": 100},
    ("api/v1/footprints/{uuid}/what-if/", "POST"): lambda w, t: {
        "levers": [{"exchange": t["exchange"], "percent": "10"}]
    },
}  # fmt: skip

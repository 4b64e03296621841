"""Small worlds for tests: rows as a plant would have entered them."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from oauth2_provider.models import Application

from accounts.actor import Actor
from accounts.models import ClientSecret, Company, CompanyGroup, Membership, ServiceClient, Site, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.analysis.models import Practice, PracticeEvidence
from footprint.benchmark.models import ReductionTarget
from footprint.calculation.ledger import drain
from footprint.exchange.actions import compare_again
from footprint.exchange.models import UpsertBody, UpsertJob, UpsertRow, WorkbookUpload
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import prints
from footprint.exchange.workbook.content import values_of
from footprint.inventory.actions import add_evidence, remove_exchange
from footprint.inventory.models import (
    ChecklistAnswer,
    EvidenceFile,
    Exchange,
    Inventory,
    Product,
    ProductGrant,
    RemovedLine,
    Submission,
    UnitProcess,
)
from footprint.partners.models import (
    ConformanceRun,
    Connection,
    ConnectionRequest,
    Delivery,
    FootprintGrant,
    OfferedFootprint,
    PartnerEvent,
    PartnerFootprint,
    PartnerSecret,
    Receipt,
    Reception,
    Webhook,
    WebhookSecret,
)
from footprint.rules.models import ClosureRule
from tests.factor_builders import (  # noqa: F401 (one name for everything that is built)
    adoption,
    adoption_policy,
    factor_import,
    factor_proposal,
    factor_version,
    gwp,
    source,
)

_number = itertools.count(1)


def company(code: str = "", group: CompanyGroup | None = None, **more: Any) -> Company:
    """A member company, in a group of its own unless one is given."""
    code = code or f"company-{next(_number)}"
    group = group or CompanyGroup.objects.create(
        code=f"{code}-group", name_zh=f"{code}集团", name_en=f"{code} group"
    )
    names = {"name_zh": f"{code}公司", "name_en": f"{code} company"}
    return Company.objects.create(code=code, group=group, **{**names, **more})


def site(of: Company, code: str = "") -> Site:
    """A site."""
    code = code or f"site-{next(_number)}"
    return Site.objects.create(
        company=of, code=code, name_zh=f"{code}厂", name_en=f"{code} site", province="CN-SD"
    )


def person(of: Company, *roles: Role, email: str = "", sites: tuple[Site, ...] = ()) -> User:
    """Somebody with roles at a company."""
    user = User.objects.create_user(email or f"person{next(_number)}@example.com", "a long password 1")
    for role in roles:
        Membership.objects.create(user=user, company=of, role=role).sites.set(sites)
    return user


def actor(of: Company, *roles: Role) -> Actor:
    """Somebody with roles at a company, as the questions and decisions see them."""
    return actor_of_user(person(of, *(roles or (Role.OWNER,))))


def machine_client(of: Company, secret: str, *, name: str = "", is_active: bool = True) -> ServiceClient:
    """A machine client with a secret of our choosing; nothing asks who may make one."""
    name = name or f"ERP of {of.code}"
    application = Application.objects.create(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    made = ServiceClient.objects.create(company=of, application=application, name=name, is_active=is_active)
    ClientSecret.objects.create(client=made, slot=1, hashed=make_password(secret), hint=secret[-4:])
    return made


def inventory(at: Site, year: int = 2025) -> Inventory:
    """A calendar year at a site."""
    return Inventory.objects.create(
        company=at.company, site=at, period_start=date(year, 1, 1), period_end=date(year, 12, 31)
    )


def product(of: Company, code: str = "", unit: str = "kg", **more: Any) -> Product:
    """Something a company makes or buys."""
    code = code or f"product-{next(_number)}"
    names = {"name_zh": f"{code}品", "name_en": code}
    return Product.objects.create(company=of, code=code, unit=unit, **{**names, **more})


def process(of: Inventory, code: str = "", method: str = "none", **more: Any) -> UnitProcess:
    """A unit process."""
    code = code or f"process-{next(_number)}"
    return UnitProcess.objects.create(
        company=of.company,
        inventory=of,
        code=code,
        name_zh=code,
        name_en=code,
        allocation_method=method,
        **more,
    )


def output(of: UnitProcess, what: Product, amount: str | int = "1", unit: str = "", **more: Any) -> Exchange:
    """A product put out."""
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="output",
        kind="product",
        product=what,
        amount=Decimal(amount),
        unit=unit or what.unit,
        **more,
    )


def takes(of: UnitProcess, what: Product | None, amount: str | int, unit: str = "", **more: Any) -> Exchange:
    """A product taken in, with a provider among ``more``."""
    assert unit or what is not None
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="input",
        kind="product" if what else "elementary",
        product=what,
        amount=Decimal(amount),
        unit=unit or (what.unit if what else ""),
        **more,
    )


def emits(
    of: UnitProcess, amount: str | int, gas: str = "CO2", origin: str = "fossil", unit: str = "kg"
) -> Exchange:
    """A direct emission."""
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="output",
        kind="elementary",
        gas=gas,
        origin=origin,
        compartment="air",
        amount=Decimal(amount),
        unit=unit,
    )


def workbook_upload(line: Exchange, amount: str = "9", *, file_name: str = "filled.xlsx") -> WorkbookUpload:
    """A workbook that was handed in, with another amount in one line, as compared once."""
    values = values_of(line)
    cells = {key: ["text", value] for key, value in {**values, "amount": amount}.items() if value}
    upload = WorkbookUpload.objects.create(
        company=line.company,
        inventory=line.process.inventory,
        file_name=file_name,
        size=1,
        sha256="0" * 64,
        version=0,
        summary={"places": {}},
        rows=[[layout.FIRST_ROW, str(line.uuid), str(line.version), prints(values), cells]],
    )
    return compare_again(upload, by=actor(line.company))


def storing(line: Exchange, name: str) -> WorkbookUpload:
    """A workbook that waits to be stored by a worker."""
    upload = workbook_upload(line, file_name=f"{name}.xlsx")
    WorkbookUpload.objects.filter(pk=upload.pk).update(state=WorkbookUpload.State.STORING)
    return upload


def evidence(line: Exchange, said: str = "read by hand", *, name: str = "reading.txt") -> EvidenceFile:
    """A file that lies with a line."""
    owner = actor(line.company)
    with acting_as(owner):
        return add_evidence(line, by=owner, at=timezone.now(), name=name, content=said.encode())


def checked_point(submission: Submission, said: str = "looked at") -> ChecklistAnswer:
    """A point of a checklist that a reviewer answered."""
    return ChecklistAnswer.objects.create(
        company_id=submission.company_id, submission=submission, round=1, category="ethylene", point="unit",
        rule=1, answer="met", note=said, at=timezone.now(),
    )  # fmt: skip


def practice(of: Company, said: str = "written down") -> Practice:
    """A draft of a reduction practice, with its evidence."""
    made = Practice.objects.create(
        company=of, name_zh=said, name_en=said, target="heat", percent=-5, effect_low=-5, effect_high=-5
    )
    PracticeEvidence.objects.create(company=of, practice=made, text=said, before=20, after=19)
    return made


def removed_line(of: UnitProcess, said: str = "taken away") -> RemovedLine:
    """A line that was taken away and can come back; figures are current again."""
    line = takes(of, None, "3", "kg", flow_name=said)
    owner = actor(of.company)
    with acting_as(owner):
        removed = remove_exchange(line, by=owner, version=None)
    drain()
    return removed


def closure_rule(basis: str = "mass", amber: str = "0.01", red: str = "0.03") -> ClosureRule:
    """When a balance closes."""
    return ClosureRule.objects.create(
        basis=basis,
        number=1,
        valid_from=date(2025, 1, 1),
        amber=Decimal(amber),
        red=Decimal(red),
        source="Test",
    )


def grant(what: Product, to: Company) -> ProductGrant:
    """A partner may link to a product."""
    return ProductGrant.objects.create(company=what.company, product=what, recipient=to)


def reduction_target(what: Product) -> ReductionTarget:
    """Something less by 2030."""
    stated = {"base_year": 2020, "target_year": 2030, "percent": Decimal(30), "set_at": timezone.now()}
    return ReductionTarget.objects.create(company=what.company, product=what, **stated)


def partner(of: Company, product: Product, name: str = "Partner") -> dict[str, Any]:
    """A partner's system with a row of everything, by the name an address calls it; nothing asks who may."""
    application = Application.objects.create(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    connection = Connection.objects.create(
        company=of, name=name, base_url="https://partner.example", callback_id="us", callback_secret="x"
    )
    Connection.objects.filter(pk=connection.pk).update(state="active", application=application)
    now = timezone.now()
    own = {"company": of, "connection": connection}
    offered = OfferedFootprint.objects.create(
        uuid=uuid4(), company=of, product=product, document='{"pcf":{}}', product_ids=[], company_ids=[],
        **dict.fromkeys(("created", "valid_from", "valid_until", "period_start", "period_end"), now),
    )  # fmt: skip
    Receipt.objects.create(**own, footprint=offered)
    received = PartnerFootprint.objects.create(
        **own, pf_id=uuid4(), original="{}", product_name=name, received_at=now
    )
    event = PartnerEvent.objects.create(
        **own,
        event_id=name,
        source="x",
        type="requested",
        body=json.dumps({"data": {}}),
        comment=name,
        due_at=now,
    )
    delivery = Delivery.objects.create(
        **own, type="published", event_id=name, body="{}", due_at=now, gives_up_at=now
    )
    Delivery.objects.filter(pk=delivery.pk).update(state="dead")
    return {
        "connection": connection,
        "asked": Connection.objects.create(company=of, name=f"{name}, not let in"),
        "grant": FootprintGrant.objects.create(**own, product=product, purpose=name),
        "partner_secret": PartnerSecret.objects.create(
            **own, slot=1, hashed="x", hint="abcd", expires_at=now
        ),
        "event": event,
        "offered": offered,
        "received": received,
        "delivery": delivery,
        "conformance": _tried(own, name),
        "connection_request": asked_in(of, name),
        **_webhook(of, name),
    }


def asked_in(of: Company, name: str = "Asker") -> ConnectionRequest:
    """Somebody outside asked to be connected, though the company takes no requests any more."""
    now = timezone.now()
    Reception.objects.get_or_create(company=of, defaults={"changed_at": now})
    return ConnectionRequest.objects.create(
        company=of, name=name, contact_name=name, contact_mail="a@asker.example", purpose=name,
        language="en", received_at=now,
    )  # fmt: skip


def _tried(own: dict[str, Any], name: str) -> ConformanceRun:
    """A run against the partner's endpoint that has ended."""
    made = ConformanceRun.objects.create(**own, base_url=f"https://{name}.example", speaks=3)
    for state in ("running", "done"):
        ConformanceRun.objects.filter(pk=made.pk).update(state=state)
    return made


def _webhook(of: Company, name: str) -> dict[str, Any]:
    """A system of the company's own that is told what happens, and something that did not reach it."""
    hook = Webhook.objects.create(
        company=of, name=name, url=f"https://erp.example/{name}", kinds=["job.done"]
    )
    WebhookSecret.objects.create(company=of, webhook=hook, slot=1, sealed="x", hint="abcd")
    now = timezone.now()
    delivery = Delivery.objects.create(
        company=of, webhook=hook, type="job.done", event_id=name, body="{}", due_at=now, gives_up_at=now
    )
    Delivery.objects.filter(pk=delivery.pk).update(state="dead")
    return {"webhook": hook, "hook_delivery": delivery}


def upsert_job(about: Inventory, key: str = "KEY-1") -> UpsertJob:
    """Rows that wait, with one of an earlier attempt told."""
    own = {"company": about.company}
    job = UpsertJob.objects.create(**own, kind="activities", inventory=about, language="en", rows=1)
    UpsertBody.objects.create(**own, job=job, content=b"{}")
    UpsertRow.objects.create(**own, job=job, number=1, key=key, outcome="refused", detail=key)
    return job

"""A published footprint on paper: PDF/A-3 with tags (PDF/UA-1), made from what was signed.

What is said reaches the typesetter as one JSON text, never as markup, so that a name can be anything. The
same publication gives the same bytes, as long as the words of the product and its fonts are the same. The
signature lies in the file as an attachment: who has the paper can verify it. What verification bodies stated
is told as it held when the sheet was made, where their own signature holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import segno
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.canonical import content_hash
from accounts.errors import Refusal
from accounts.figures import co2e_unit, long_date, percent, significant
from accounts.forms import languages
from footprint.publication.models import Publication
from footprint.publication.pages.showing import called, facts, number, period, profiles, stages
from footprint.publication.queries import signed_content
from footprint.publication.typesetting import LANGUAGES, typeset

TEMPLATE = Path(__file__).with_name("declaration.typ")
PACT = "pact"
HOLDS = "holds"

KEPT_SECONDS = 3600


class NotGenuine(Refusal):
    """The signature does not hold."""

    code = "not_genuine"
    status = 409


def answer(
    publication: Publication, *, language: str, address: str, stated: Sequence[Any] = ()
) -> HttpResponse:
    """The file, drawn once an hour at most; there is none of what was withdrawn.

    ``stated``: what verification bodies said, as ``statements.stated_of`` answers it.
    """
    if language not in LANGUAGES:
        raise Http404
    if publication.state == Publication.State.WITHDRAWN:
        return HttpResponse(_("The company withdrew this declaration. Do not use it any more."), status=410)
    holding = [each for each in stated if each.is_genuine and each.clock == HOLDS]
    parts = [publication.jws, language, address, *(each.statement.jws for each in holding)]
    key = "paper:" + hashlib.sha256(" ".join(parts).encode()).hexdigest()
    file = cache.get_or_set(
        key,
        lambda: paper(publication, language=language, address=address, stated=holding),
        timeout=KEPT_SECONDS,
    )
    reply = HttpResponse(file, content_type="application/pdf")
    reply["Content-Disposition"] = f'inline; filename="declaration-{publication.uuid}-{language}.pdf"'
    return reply


def paper(publication: Publication, *, language: str, address: str, stated: Sequence[Any] = ()) -> bytes:
    """The PDF in one language; ``address`` is where everybody or the partners find the publication.

    ``stated``: the statements about it that hold.

    Raises:
        NotGenuine: what is kept is not what was signed.
    """
    told = signed_content(publication)
    if told is None:
        raise NotGenuine(_("The signature of this publication does not hold. Tell the operators."))
    return drawn(told, publication.jws, publication.key_id, language=language, address=address, stated=stated)


def drawn(
    told: Mapping[str, Any],
    jws: str,
    key_id: str,
    *,
    language: str,
    address: str,
    stated: Sequence[Any] = (),
) -> bytes:
    """The PDF of a content and its signature."""
    with translation.override(LANGUAGES[language]):
        sheet = _sheet(told, jws, key_id, language=language, address=address) | _verified(stated)
    return typeset(TEMPLATE, sheet, date.fromisoformat(told["created"]))


def _sheet(told: Mapping[str, Any], jws: str, key_id: str, *, language: str, address: str) -> dict[str, Any]:
    product = told["product"]
    name, other = called(product), product["nameEn" if language == "zh" else "nameZh"]
    day = date.fromisoformat(told["created"])
    return {
        "lang": language,
        "id": told["id"],
        "hash": content_hash(told),
        "jws": jws,
        "created": [day.year, day.month, day.day],
        "title": _("Product carbon footprint declaration"),
        "product": name,
        "other_name": "" if other == name else other,
        "company": called(told["company"]),
        "figure": significant(number(told["pcf"]["AR6"])),
        "unit": co2e_unit(told["declaredUnit"]),
        "basis": f"GWP100, AR6 · {_('Cradle to gate')} · {period(told)}",
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=2, dark="#000", light="#fff"),
        "qr_words": _("QR code with the address of the publication: %(address)s") % {"address": address},
        "scan": _("Scan to see whether it still holds."),
        "demonstration": _("Demonstration data: fictional companies, plausible figures.")
        if told["company"]["demonstration"]
        else "",
        "footer": f"{told['id']} · {_('Version')} {told['number']} · {address}",
        **_facts(told),
        **_stages(told),
        **_profiles(told),
        **_signature(told, key_id),
    }


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facts_title": _("What is declared"),
        "facts": [[str(label), str(value)] for label, value in facts(told)],
    }


def _stages(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "stages_title": _("By life-cycle stage"),
        "stages_head": [_("Life-cycle stage"), co2e_unit(told["declaredUnit"]), _("Share")],
        "stages": [[name, significant(kg), percent(share)] for name, kg, share in stages(told)],
    }


def _profiles(told: Mapping[str, Any]) -> dict[str, Any]:
    every = profiles(told, {})
    unit = co2e_unit(told["declaredUnit"])
    shown = next((each for each in every if each["name"].startswith(PACT) and each["parts"]), None)
    return {
        "profiles_title": _("By method profile"),
        "profiles_head": [_("Method profile"), "GWP", unit, _("Left out")],
        "profiles": [
            [
                f"{each['name']} v{each['number']}",
                each["gwp"],
                "—" if each["not_applied"] else significant(each["value"]),
                percent(each["exempted"]),
            ]
            for each in every
        ],
        "parts_title": _("Parts by %(profile)s") % {"profile": shown["name"]} if shown else "",
        "parts_head": [_("Part"), unit],
        "parts": [[str(name), significant(kg)] for name, kg in shown["parts"]] if shown else [],
    }


def _verified(stated: Sequence[Any]) -> dict[str, Any]:
    """What verification bodies stated; without any it says so."""
    silent = _(
        "No statement of a verification body about it held when this sheet was made."
        " Scan to see what holds now."
    )
    return {
        "verification_title": _("Verification"),
        "verification": "" if stated else silent,
        "verified": [row for each in stated for row in _statement(each)],
    }


def _statement(each: Any) -> list[list[str]]:
    statement = each.statement
    return [
        [_("Verification body"), each.body],
        [_("Opinion"), f"{statement.get_outcome_display()} · {statement.get_level_display()}"],
        [_("Against which standard"), str(each.content["standard"])],
        [_("Stated on"), long_date(statement.stated_on, languages())],
        [_("Valid until"), long_date(statement.valid_until, languages())],
    ]


def _signature(told: Mapping[str, Any], key_id: str) -> dict[str, Any]:
    return {
        "signature_title": _("Signature"),
        "signature": _(
            "Signed by the platform with Ed25519. The signature with all it is over is attached to this file "
            "(declaration.jws); the public keys are at /.well-known/jwks.json."
        ),
        "signed": [
            [_("Identifier"), str(told["id"])],
            [_("Content hash (SHA-256)"), content_hash(told)],
            [_("Signing key"), key_id],
        ],
        "attachment": _("The signed content (JWS)"),
        "no_certificate": _(
            "Calculated and reviewed within the alliance. "
            "This is a declaration of the company, no certificate."
        ),
    }

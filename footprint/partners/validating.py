"""A text with footprints in it, as people paste it: read within bounds, then judged one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.rest.parsing import depth, faults
from footprint.partners.judging import Judged, judged
from footprint.partners.pact.texts import exact_json

DEEPEST = 50
MOST = 100
LARGEST = 5 * 2**20


def read(text: str, *, field: str = "document") -> list[Any]:
    """The footprints in a text: one, a list, an answer of PACT, or a Pcf of Catena-X.

    Raises:
        Refusal: too long, nested too deep, no JSON, half a character, or nothing or too many in it.
    """
    if not text.strip():
        raise Refusal(_("Paste a document, or choose a file."), field=field, code="required")
    if len(text) > LARGEST:
        message = _("The file is larger than %(most)d MB.") % {"most": LARGEST // 2**20}
        raise Refusal(message, field=field, code="too_large")
    if depth(text) > DEEPEST:
        raise Refusal(_("It is nested too deep."), field=field, code="too_deep")
    try:
        found = exact_json(text)
    except ValueError as error:
        message = _("This is no JSON: %(told)s.") % {"told": str(error)[:200]}
        raise Refusal(message, field=field, code="not_json") from error
    if any(each.code == "lone_surrogate" for each in faults(found, ())):
        raise Refusal(_("Text contains half of a character."), field=field, code="lone_surrogate")
    return listed(found, field=field)


def listed(found: Any, *, field: str = "document") -> list[Any]:
    """As ``read``, of what is parsed already.

    Raises:
        Refusal: nothing or too many in it.
    """
    inner = found.get("data", found) if isinstance(found, dict) else found
    documents = inner if isinstance(inner, list) else [inner]
    if not documents:
        raise Refusal(_("There is no footprint in it."), field=field, code="required")
    if len(documents) > MOST:
        message = _("At most %(most)d footprints at a time.") % {"most": MOST}
        raise Refusal(message, field=field, code="too_many")
    return documents


def all_judged(documents: list[Any], *, at: datetime, version: int | None = None) -> list[Judged]:
    """Each by the version that is named, else by its own; findings are in the language of the moment."""
    return [judged(each, at=at, version=version) for each in documents]

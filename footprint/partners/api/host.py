"""Footprints and events for partners' systems: PACT 3 below /3/, 2.0 to 2.3 below /2/ from the same rows."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import address_of
from accounts.errors import Refusal
from accounts.problems import Unreadable as UnreadableBody
from accounts.rest.parsing import parse
from footprint.partners import actions, listing
from footprint.partners.entrance import (
    Caller,
    PactError,
    for_partners,
    not_found_code,
    not_implemented,
    version_of,
)
from footprint.partners.listing import BadCursor, Cursor, Page
from footprint.partners.pact import asking, events, values
from footprint.partners.pact.texts import exact_json

USUAL, MOST = 100, 1000
JSON_TYPES = ("application/cloudevents+json", "application/json")
OWN = ("limit", "cursor", "$filter")


@for_partners("GET", "HEAD")
def footprints(request: HttpRequest, caller: Caller) -> HttpResponse:
    """One page of the footprints that are open to the caller."""
    pairs = [(name, value) for name, given in request.GET.lists() for value in given]
    limit, cursor, now = _limit(pairs), _cursor(pairs, caller), timezone.now()
    found = listing.page(
        caller.actor,
        _asked(request, pairs),
        version=version_of(request),
        limit=limit,
        cursor=cursor,
        noted_since=now - actions.NOTED_AGAIN,
    )
    _note_reads(request, caller, found, at=now)
    response = _json(f'{{"data":[{",".join(found.documents)}]}}')
    if found.next is not None:
        response["Link"] = _link(request, caller, pairs, found)
    return response


def _limit(pairs: list[tuple[str, str]]) -> int:
    given = [value for name, value in pairs if name.lower() == "limit" and value]
    if not given:
        return USUAL
    if len(given) > 1 or not (given[0].isascii() and given[0].isdigit() and len(given[0]) < 10):
        raise PactError("BadRequest", _("limit is one whole number, not below nought."))
    return min(int(given[0]), MOST)


def _cursor(pairs: list[tuple[str, str]], caller: Caller) -> Cursor:
    given = [value for name, value in pairs if name == "cursor"]
    if not given:
        return Cursor(0, None, timezone.now())
    try:
        return Cursor.read(given[-1], caller.actor)
    except BadCursor as error:
        message = _("This is no page of this list. Begin with the first one.")
        raise PactError("BadRequest", message) from error


def _asked(request: HttpRequest, pairs: list[tuple[str, str]]) -> asking.Asked:
    expression = [value for name, value in pairs if name == "$filter" and value]
    is_v2 = version_of(request) == 2
    try:
        if is_v2:
            return asking.from_filter(expression[-1]) if expression else asking.Asked()
        if expression:
            raise PactError("BadRequest", _("PACT 3 has no $filter; use the parameters it names instead."))
        return asking.from_query(pairs)
    except asking.Unreadable as error:
        if error.code == "filter_property":
            message = _("$filter cannot ask for “%(name)s”.") % {"name": error.name[:60]}
            raise not_implemented(request, message) from error
        message = _("The parameter “%(name)s” cannot be read.") % {"name": error.name[:60]}
        raise PactError("BadRequest", message) from error


def _link(request: HttpRequest, caller: Caller, pairs: list[tuple[str, str]], found: Page) -> str:
    assert found.next is not None
    kept = [(name, value) for name, value in pairs if name != "cursor" and not _is_nought(name, value)]
    query = urlencode([*kept, ("cursor", found.next.text(caller.actor))])
    return f'<{request.build_absolute_uri(request.path)}?{query}>; rel="next"'


def _is_nought(name: str, value: str) -> bool:
    """A limit that would lead from one empty page to the next."""
    return name.lower() == "limit" and bool(value) and not value.strip("0")


@for_partners("GET", "HEAD")
def footprint(request: HttpRequest, caller: Caller, pf_id: str) -> HttpResponse:
    """One footprint; what exists but is not open to the caller is told apart from what does not."""
    if not values.UUID.fullmatch(pf_id):
        raise PactError("BadRequest", _("The id of a footprint is a UUID."))
    wanted, now = UUID(pf_id), timezone.now()
    found = listing.single(caller.actor, wanted, version_of(request), noted_since=now - actions.NOTED_AGAIN)
    if found is None:
        if listing.exists(wanted):
            raise PactError("AccessDenied", _("This footprint is not open to you."))
        raise PactError(not_found_code(request), _("There is no such footprint."))
    _note_reads(request, caller, found, at=now)
    return _json(f'{{"data":{found.documents[0]}}}')


def _note_reads(request: HttpRequest, caller: Caller, found: Page, *, at: datetime) -> None:
    address = str(address_of(request))
    actions.note_reads(found.unnoted, by=caller.actor, company_id=caller.company_id, address=address, at=at)


@for_partners("POST")
def take_event(request: HttpRequest, caller: Caller) -> HttpResponse:
    """An event of the caller: stored, and answered later by an event of ours."""
    if (request.content_type or "").lower() not in JSON_TYPES:
        raise PactError("BadRequest", _("Send the event as application/cloudevents+json."))
    body = request.body
    try:
        parse(body)
        text = body.decode()
        event = events.read(exact_json(text), version_of(request))
    except UnreadableBody as error:
        raise PactError("BadRequest", str(error)) from error
    except events.BadEvent as error:
        message = _("The event is not valid: %(code)s %(name)s.") % {"code": error.code, "name": error.name}
        raise PactError("BadRequest", message) from error
    try:
        actions.take_event(event, text, by=caller.actor, at=timezone.now())
    except Refusal as refusal:
        raise PactError("BadRequest", str(refusal)) from refusal
    return HttpResponse(b"", content_type="application/json")


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json")

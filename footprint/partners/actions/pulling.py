"""Get footprints from partners: in pages, one by one, or out of answers; the original text is kept."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.jobs import claimed
from accounts.policy import require
from accounts.rest.parsing import depth
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.partners import answers
from footprint.partners.actions.sending import send
from footprint.partners.calling import LONG_CALLS, Caller, CallFailed, Reply, refused
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerFootprint
from footprint.partners.notices import tell_not_pulled
from footprint.partners.pact import dialect, values, versions
from footprint.partners.pact.events import Type
from footprint.partners.pact.texts import exact_json, exact_text
from footprint.partners.retrying import wait_after
from footprint.partners.validating import DEEPEST
from footprint.partners.waking import PULL_TASK, wake

NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*rel\s*=\s*"?next"?', re.I)
OK = 200
PAGE = 100
PAGE_SECONDS = 30.0
"""A page may be eight megabytes over a slow line, or be put together while we wait."""
TOO_LONG = "too_long"
NO_SUCH_PLACE = ("HTTP 404", "HTTP 410")
ROUND_PAGES = 100
"""So many pages, then it is another partner's turn."""
TURN_SECONDS = 10.0
"""So long, then it is the turn of other work."""
MOST_FOUND = 1_000_000
HELD = timedelta(minutes=3)
"""How long a pull belongs to whoever took it, from page to page: what is lost with a worker goes on then."""
ANEW: dict[str, Any] = {"pull_page": "", "pull_found": 0}
"""From the first page on."""
MOST_FINDINGS = 50


class Unending(CallFailed):
    """There is always a further page; what came is kept."""


@transaction.atomic
def ask_to_pull(connection: Connection, *, by: Actor, at: datetime) -> None:
    """Have all footprints that the partner opens to us fetched, by whoever is free.

    Raises:
        NotAllowed; Refusal: the partner cannot be called.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_uncallable(connection)
    gives_up_at = at + timedelta(hours=Delivery.HOURS)
    begun = {"pull_attempts": 0, "pull_gives_up_at": gives_up_at, "pull_limit": PAGE}
    changes = {"pull_due_at": at, **begun, **ANEW}
    for name, value in changes.items():
        setattr(connection, name, value)
    connection.save(update_fields=list(changes))
    wake(PULL_TASK)


def _refuse_uncallable(connection: Connection) -> None:
    if not connection.can_be_called or not connection.is_active:
        raise Refusal(_("Enter the partner's address and credentials first."), code="cannot_call")


def pull_due() -> int:
    """What shall be fetched now; how many rounds that took. No transaction is open meanwhile.

    A long list goes on in another round where the last one stopped. A partner that cannot give its list now
    is asked again with growing waits, for three days. One worker at a time is at it, and gives its turn away
    after a while, so that what is quick does not wait behind partners that are slow.
    """
    done, began, is_over = 0, time.monotonic(), False
    with claimed(LONG_CALLS, 0) as mine:
        while mine and not is_over and (connection := _take(timezone.now())) is not None:
            _pull(connection)
            done, is_over = done + 1, time.monotonic() - began > TURN_SECONDS
    if is_over:
        wake(PULL_TASK)
    return done


def _pull(connection: Connection) -> None:
    try:
        is_whole = _round(connection)
    except CallFailed as error:
        if not _goes_on_otherwise(connection, error):
            _stop(connection, error, at=timezone.now())
        return
    if is_whole:
        _mark_gone(connection, at=timezone.now())
        _end(connection, str(connection.pull_found))
    else:
        _note(connection, pull_due_at=timezone.now(), pull_attempts=connection.pull_attempts - 1)


def _mark_gone(connection: Connection, *, at: datetime) -> None:
    """What a whole list no longer has, though it was had from there before: a grant ended at their side."""
    assert connection.pull_gives_up_at is not None
    began = connection.pull_gives_up_at - timedelta(hours=Delivery.HOURS)
    with acting_as(Actor.worker()):
        unlisted = PartnerFootprint.objects.filter(connection=connection, seen_at__lt=began, gone_at=None)
        unlisted.update(gone_at=at)


def _take(at: datetime) -> Connection | None:
    with acting_as(Actor.worker()):
        due = Connection.objects.filter(pull_due_at__lte=at, state=Connection.State.ACTIVE)
        found = due.select_for_update(skip_locked=True).order_by("pull_due_at").first()
        if found is not None:
            _note(found, pull_due_at=at + HELD, pull_attempts=found.pull_attempts + 1)
        return found


def _note(connection: Connection, **changes: Any) -> bool:
    """Write down how far it is; False where somebody asked for it anew meanwhile: then that stands."""
    with acting_as(Actor.worker()):
        held = Connection.objects.filter(pk=connection.pk, pull_due_at=connection.pull_due_at)
        is_held = bool(held.update(**changes))
    for name, value in changes.items():
        setattr(connection, name, value)
    return is_held


def _end(connection: Connection, told: str) -> bool:
    return _note(connection, pull_due_at=None, pulled_at=timezone.now(), pull_told=told, **ANEW)


def _goes_on_otherwise(connection: Connection, error: CallFailed) -> bool:
    """Whether it can be had from the first page on: in smaller pages, or in the other version of PACT."""
    changes: dict[str, Any] = {}
    other = _other_version(connection)
    if str(error) == TOO_LONG and connection.pull_limit > 1:
        changes = {"pull_limit": connection.pull_limit // 2}
    elif str(error) in NO_SUCH_PLACE and not connection.pull_page and _is_list(connection, other):
        changes = {"speaks": other, "version": F("version") + 1}
    if not changes:
        return False
    anew = {"pull_due_at": timezone.now(), "pull_attempts": connection.pull_attempts - 1, **ANEW}
    return _note(connection, **anew, **changes)


def _other_version(connection: Connection) -> int:
    """Of PACT, than the one that the partner is known to speak."""
    return 3 if connection.speaks == 2 else 2


def _is_list(connection: Connection, version: int) -> bool:
    """Whether the partner has a list in this version: its system may have gone over to it."""
    try:
        _listed(_had(Caller(connection).ask("GET", _first(connection, version, 1)), at=timezone.now()))
    except CallFailed:
        return False
    return True


def _first(connection: Connection, version: int, limit: int) -> str:
    return f"{connection.base_url}/{version}/footprints?{urlencode({'limit': limit})}"


def _stop(connection: Connection, error: CallFailed, *, at: datetime) -> None:
    """Go on later with the page that was not had, from the first one where that is gone, or never."""
    told = str(error)[:200]
    gives_up_at = connection.pull_gives_up_at or at
    if error.is_lasting and not connection.pull_page:
        _end(connection, told)
    elif isinstance(error, Unending) or told == TOO_LONG or at >= gives_up_at:
        if _end(connection, answers.TOO_LONG_ALONE if told == TOO_LONG else told):
            tell_not_pulled(connection, at=at)
    else:
        due = min(at + wait_after(connection.pull_attempts, error.wait), gives_up_at)
        page = ANEW if error.is_lasting else {}
        _note(connection, pull_due_at=due, pulled_at=at, pull_told=told, **page)


def _round(connection: Connection) -> bool:
    """The next pages of the list; whether that was all of it. Raises CallFailed."""
    former = f"{connection.base_url}/{_other_version(connection)}/"
    if not _is_theirs(connection.pull_page, connection) or connection.pull_page.startswith(former):
        # their address or version is another one since the last round: what opens that host is not sent to
        # this one, and what is listed there would be read as what it is not
        connection.pull_page, connection.pull_found = "", 0
    caller, before, seen = Caller(connection), connection.pull_found, set()
    first = _first(connection, connection.speaks, connection.pull_limit)
    for _page in range(ROUND_PAGES):
        url = connection.pull_page or first
        seen.add(url)
        reply = _had(caller.ask("GET", url, seconds=PAGE_SECONDS), at=timezone.now())
        page, following = _listed(reply), _next(reply, connection)
        with acting_as(Actor.worker()):
            kept = (keep(connection, one, at=timezone.now(), is_seen=True) for one in page)
            found = connection.pull_found + sum(kept)
        is_over = following is None or following in seen
        is_held = _note(
            connection,
            pull_due_at=timezone.now() + HELD,
            pull_page="" if is_over else following,
            pull_found=found,
        )
        if is_over or not is_held:
            return is_over
        if found >= MOST_FOUND:
            raise Unending(f"{answers.TOO_MANY} {found}")
    if connection.pull_found == before:
        raise Unending(answers.NOTHING_ON_PAGES)
    return False


def _had(reply: Reply, *, at: datetime) -> Reply:
    if reply.status != OK:
        raise refused(reply, f"HTTP {reply.status}", at=at)
    return reply


def document_at(caller: Caller, url: str, *, at: datetime) -> Any:
    """JSON at an address of a partner. Raises CallFailed."""
    return document_in(_had(caller.ask("GET", url), at=at).body)


def _listed(reply: Reply) -> list[Any]:
    found = document_in(reply.body)
    listed = found.get("data") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise CallFailed(answers.NO_LIST, is_lasting=True)
    return listed


def _next(reply: Reply, connection: Connection) -> str | None:
    """The next page, on the very host that was called."""
    link = next((text for name, text in reply.headers.items() if name.lower() == "link"), "")
    found = NEXT.search(link)
    if found is None:
        return None
    if not _is_theirs(found[1], connection):
        raise CallFailed(answers.OTHER_HOST, is_lasting=True)
    return found[1]


def _is_theirs(url: str, connection: Connection) -> bool:
    return urlsplit(url)[:2] == urlsplit(connection.base_url)[:2]


def document_in(body: bytes) -> Any:
    """JSON of a partner, its numbers with their texts. Raises CallFailed."""
    try:
        text = body.decode()
        if depth(text) > DEEPEST:
            raise CallFailed(answers.TOO_DEEP, is_lasting=True, ends_round=False)
        return exact_json(text)
    except ValueError as error:
        raise CallFailed(answers.NO_JSON, ends_round=False) from error


@transaction.atomic
def keep(
    connection: Connection, document: Any, *, at: datetime, speaks: int | None = None, is_seen: bool = False
) -> bool:
    """Store one footprint; False for what is none. A later text of the same id replaces an earlier one.

    It is of the version the partner's system speaks, unless it came another way. ``is_seen``: it was asked
    for where the partner shows it, and will be missed there.
    """
    speaks = speaks or connection.speaks
    if not isinstance(document, dict) or not values.UUID.fullmatch(str(document.get("id", ""))):
        return False
    text = exact_text(document)
    if "\\u0000" in text or _has_half_characters(text):
        return False
    restated = dialect.from_v2(document) if speaks == 2 else document
    found = versions.found_in(document, version=speaks, at=at)
    pcf = restated["pcf"] if isinstance(restated.get("pcf"), dict) else {}
    PartnerFootprint.objects.update_or_create(
        connection=connection,
        pf_id=UUID(document["id"]),
        defaults={
            "company_id": connection.company_id,
            "speaks": speaks,
            "original": text,
            "status": str(restated.get("status", ""))[:10],
            "product_name": str(restated.get("productNameCompany", ""))[:500],
            "unit": str(pcf.get("declaredUnitOfMeasurement", ""))[:30],
            "amount": str(pcf.get("declaredUnitAmount", ""))[:120],
            "kg_co2e": str(pcf.get("pcfExcludingBiogenicUptake", ""))[:120],
            "level": versions.graded(document, version=speaks).level,
            "preceding": values.identifiers(restated.get("precedingPfIds")),
            "findings": [
                {
                    "pointer": each.pointer[:300],
                    "code": each.code,
                    "severity": each.severity.value,
                    "told": {name: str(value)[:100] for name, value in each.told.items()},
                }
                for each in found[:MOST_FINDINGS]
            ],
            "received_at": at,
            "gone_at": None,
            **({"seen_at": at} if is_seen else {}),
        },
    )
    return True


def _has_half_characters(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def answered_in(event: PartnerEvent) -> list[Any]:
    """The footprints in an answer to a request of ours; of an answer to none, nothing."""
    asked = Delivery.objects.filter(
        connection_id=event.connection_id,
        event_id=event.data["requestEventId"],
        type=PartnerEvent.Type.REQUESTED,
    )
    is_wanted = event.type == PartnerEvent.Type.FULFILLED and asked.exists()
    return list(event.data["pfs"]) if is_wanted else []


@transaction.atomic
def request_footprints(
    connection: Connection, *, by: Actor, at: datetime, product_ids: list[str], comment: str = ""
) -> Delivery:
    """Ask a partner for the footprints of products; its answer arrives as an event.

    Raises:
        NotAllowed; Refusal: the partner cannot be called, or no product is named.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_uncallable(connection)
    wanted = [checks.text(one, field="product_ids", longest=500) for one in product_ids if one.strip()]
    if not wanted or not all(values.URN.fullmatch(one) for one in wanted):
        message = _("Name products by URN, one a line, for example urn:gtin:4712345060507.")
        raise Refusal(message, field="product_ids", code="not_urn")
    said = checks.text(comment, field="comment", longest=1000)
    fragment = {"productId": wanted} if connection.speaks == 3 else {"pf": {"productIds": wanted}}
    data: dict[str, Any] = fragment | ({"comment": said} if said else {})
    return send(connection, Type.REQUESTED, data, at=at, by_id=by.user_id)

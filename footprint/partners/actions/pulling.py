"""Get footprints from partners: in pages, one by one, or out of answers; the original text is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.rest.parsing import depth
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.partners.actions.sending import send
from footprint.partners.calling import Caller, CallFailed, Reply, refused
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerFootprint
from footprint.partners.notices import tell_not_pulled
from footprint.partners.pact import dialect, values
from footprint.partners.pact.checking import findings
from footprint.partners.pact.events import Type
from footprint.partners.pact.texts import exact_json, exact_text
from footprint.partners.pact.usability import usability
from footprint.partners.retrying import wait_after
from footprint.partners.validating import DEEPEST
from footprint.partners.waking import PULL_TASK, wake

NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*rel\s*=\s*"?next"?', re.I)
OK = 200
PAGE = 100
MOST_PAGES = 1000
MOST_FINDINGS = 50


@transaction.atomic
def ask_to_pull(connection: Connection, *, by: Actor, at: datetime) -> None:
    """Have all footprints that the partner opens to us fetched, by whoever is free.

    Raises:
        NotAllowed; Refusal: the partner cannot be called.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=connection.company_id)
    _refuse_uncallable(connection)
    connection.pull_due_at, connection.pull_attempts = at, 0
    connection.pull_gives_up_at = at + timedelta(hours=Delivery.HOURS)
    connection.save(update_fields=["pull_due_at", "pull_attempts", "pull_gives_up_at"])
    wake(PULL_TASK)


def _refuse_uncallable(connection: Connection) -> None:
    if not connection.can_be_called or not connection.is_active:
        raise Refusal(_("Enter the partner's address and credentials first."), code="cannot_call")


def pull_due() -> int:
    """What shall be fetched now; how many partners were asked. No transaction is open meanwhile.

    A partner that cannot give them now is asked again with growing waits, for three days.
    """
    done = 0
    while (connection := _take(timezone.now())) is not None:
        try:
            told, failed = str(pull(connection)), None
        except CallFailed as error:
            told, failed = str(error)[:200], error
        with acting_as(Actor.worker()):
            Connection.objects.filter(pk=connection.pk).update(pulled_at=timezone.now(), pull_told=told)
            if failed is not None and not failed.is_lasting:
                _pull_again(connection, failed.wait, at=timezone.now())
        done += 1
    return done


def _pull_again(connection: Connection, wait: timedelta | None, *, at: datetime) -> None:
    """Later, or never: then people are told. Where somebody asked meanwhile, that is when."""
    gives_up_at = connection.pull_gives_up_at or at
    if at >= gives_up_at:
        tell_not_pulled(connection, at=at)
        return
    due = min(at + wait_after(connection.pull_attempts, wait), gives_up_at)
    Connection.objects.filter(pk=connection.pk, pull_due_at__isnull=True).update(pull_due_at=due)


def _take(at: datetime) -> Connection | None:
    with acting_as(Actor.worker()):
        due = Connection.objects.filter(pull_due_at__lte=at, state=Connection.State.ACTIVE)
        found = due.select_for_update(skip_locked=True).order_by("pull_due_at").first()
        if found is not None:
            found.pull_attempts += 1
            mine = Connection.objects.filter(pk=found.pk)
            mine.update(pull_due_at=None, pull_attempts=found.pull_attempts)
        return found


def pull(connection: Connection) -> int:
    """All footprints the partner opens to us; how many there were. Raises CallFailed."""
    found = 0
    for page in _pages(connection):
        with acting_as(Actor.worker()):
            found += sum(keep(connection, document, at=timezone.now()) for document in page)
    return found


def _pages(connection: Connection) -> Iterator[list[Any]]:
    caller = Caller(connection)
    url: str | None = f"{connection.base_url}/{connection.speaks}/footprints?{urlencode({'limit': PAGE})}"
    seen: set[str] = set()
    while url is not None and url not in seen and len(seen) < MOST_PAGES:
        seen.add(url)
        reply = _had(caller.ask("GET", url), at=timezone.now())
        yield _listed(reply)
        url = _next(reply, connection)


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
        raise CallFailed("no list of footprints", is_lasting=True)
    return listed


def _next(reply: Reply, connection: Connection) -> str | None:
    """The next page, on the very host that was called."""
    link = next((text for name, text in reply.headers.items() if name.lower() == "link"), "")
    found = NEXT.search(link)
    if found is None:
        return None
    if urlsplit(found[1])[:2] != urlsplit(connection.base_url)[:2]:
        raise CallFailed("the next page is on another host", is_lasting=True)
    return found[1]


def document_in(body: bytes) -> Any:
    """JSON of a partner, its numbers with their texts. Raises CallFailed."""
    try:
        text = body.decode()
        if depth(text) > DEEPEST:
            raise CallFailed("nested too deep", is_lasting=True, ends_round=False)
        return exact_json(text)
    except ValueError as error:
        raise CallFailed("no JSON", ends_round=False) from error


@transaction.atomic
def keep(connection: Connection, document: Any, *, at: datetime, speaks: int | None = None) -> bool:
    """Store one footprint; False for what is none. A later text of the same id replaces an earlier one.

    It is of the version the partner's system speaks, unless it came another way.
    """
    speaks = speaks or connection.speaks
    if not isinstance(document, dict) or not values.UUID.fullmatch(str(document.get("id", ""))):
        return False
    text = exact_text(document)
    if "\\u0000" in text or _has_half_characters(text):
        return False
    restated = dialect.from_v2(document) if speaks == 2 else document
    found = findings(restated, at=at)
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
            "level": usability(restated).level if pcf else 0,
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

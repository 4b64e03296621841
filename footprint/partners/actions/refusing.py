"""A partner's system that was turned away, in the audit log of the company whose partner it is.

Each kind once a minute for each partner, as with the company's own machines: trying does not fill the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password

from accounts import tracing
from accounts.actor import Actor
from accounts.addresses import Address, may_come_from
from accounts.audit import Action, record
from accounts.refusals import ENDED, Reason, checksum_of, is_told
from accounts.visibility import acting_as, rows
from footprint.partners.actions.connecting import SECRETS

CONNECTION = "partners_connection"
ENDED_SECRETS = "SELECT uuid, company_id, state, hashed, why FROM partners_ended_secrets(%s)"
REFUSED_CALLER = "SELECT uuid, company_id, state, expires FROM partners_refused_caller(%s)"


def note_refused_token(client_id: str, given: str, *, address: Address | None) -> None:
    """Write down which partner, why and from where; of an id that is nobody's, nothing."""
    found = rows(ENDED_SECRETS, [client_id]) if client_id and "\0" not in client_id else []
    if not found:
        return
    uuid, company_id, state, _hashed, _why = found[0]
    ended = ((hashed, why) for *_connection, hashed, why in found if hashed)
    if state == "revoked":
        reason = Reason.REVOKED
    elif any(not may_come_from(address, networks) for _hashed, networks in rows(SECRETS, [client_id])):
        reason = Reason.ELSEWHERE
    else:
        reason = _why_refused(ended, given)
    _note_token(uuid, company_id, reason, address=str(address))


def note_worthless_token(token: str, *, address: str, at: datetime) -> Reason | None:
    """Write down whose token opened nothing, and say why; of one that never was, nothing."""
    found = rows(REFUSED_CALLER, [checksum_of(token)])
    if not found:
        return None
    uuid, company_id, state, expires = found[0]
    if state != "revoked" and expires > at:
        return None
    reason = Reason.REVOKED if state == "revoked" or expires == ENDED else Reason.EXPIRED
    _note_token(uuid, company_id, reason, address=address)
    return reason


def note_elsewhere(uuid: UUID, *, company_id: int, address: str) -> None:
    """Write down that a good token came from an address that the partner's system may not call from."""
    _note_token(uuid, company_id, Reason.ELSEWHERE, address=address)


def note_denied(by: Actor, *, company_id: int, status: int, about: Iterable[UUID], **facts: Any) -> None:
    """Write down that a partner who came with a good token asked for what it does not get."""
    assert by.uuid is not None
    if is_told(by.uuid, str(status)):
        concerned = [by.uuid, *about]
        _write(by, Action.DENIED, company_id=company_id, about=concerned, status=status, **facts)


def _note_token(uuid: UUID, company_id: int, reason: Reason, *, address: str) -> None:
    if is_told(uuid, reason):
        facts = {"reason": reason.value, "status": 401, "address": address}
        _write(Actor.nobody(), Action.TOKEN_REFUSED, company_id=company_id, about=[uuid], **facts)


def _write(by: Actor, action: Action, **more: Any) -> None:
    """In a transaction of its own: that of the request is rolled back."""
    with acting_as(by, request_id=tracing.request_id(tracing.current().request)):
        record(by, action, CONNECTION, **more)


def _why_refused(ended: Iterable[tuple[str, str]], given: str) -> Reason:
    return next((Reason(why) for hashed, why in ended if check_password(given, hashed)), Reason.WRONG_SECRET)

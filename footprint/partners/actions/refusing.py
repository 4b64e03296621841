"""A partner's system that did not get a token, in the audit log of the company whose partner it is."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.hashers import check_password

from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.refusals import Reason, is_told
from accounts.visibility import acting_as, rows

ENDED_SECRETS = "SELECT uuid, company_id, state, hashed, why FROM partners_ended_secrets(%s)"


def note_refused_token(client_id: str, given: str, *, address: str) -> None:
    """Write down which partner, why and from where; of an id that is nobody's, nothing."""
    found = rows(ENDED_SECRETS, [client_id]) if client_id and "\0" not in client_id else []
    if not found:
        return
    uuid, company_id, state, _hashed, _why = found[0]
    ended = ((hashed, why) for *_connection, hashed, why in found if hashed)
    reason = Reason.REVOKED if state == "revoked" else _why_refused(ended, given)
    if is_told(uuid, reason):
        nobody, facts = Actor.nobody(), {"reason": reason.value, "status": 401, "address": address}
        with acting_as(nobody):
            record(
                nobody,
                Action.TOKEN_REFUSED,
                "partners_connection",
                company_id=company_id,
                about=[uuid],
                **facts,
            )


def _why_refused(ended: Iterable[tuple[str, str]], given: str) -> Reason:
    return next((Reason(why) for hashed, why in ended if check_password(given, hashed)), Reason.WRONG_SECRET)

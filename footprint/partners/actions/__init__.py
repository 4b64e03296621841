"""Verbs: connect, grant, offer, take events, answer, deliver, pull."""

from footprint.partners.actions.answering import fulfil, reject
from footprint.partners.actions.connecting import (
    approve_connection,
    change_connection,
    end_grant,
    grant_footprints,
    issue_partner_secret,
    issue_token,
    request_connection,
    revoke_connection,
    revoke_partner_secret,
    use_partner_secret,
)
from footprint.partners.actions.delivering import deliver_due, replay
from footprint.partners.actions.offering import offer_waiting
from footprint.partners.actions.pulling import ask_to_pull, keep, pull_due, request_footprints
from footprint.partners.actions.receiving import note_receipts, process_events, take_event

__all__ = [
    "approve_connection",
    "ask_to_pull",
    "change_connection",
    "deliver_due",
    "end_grant",
    "fulfil",
    "grant_footprints",
    "issue_partner_secret",
    "issue_token",
    "keep",
    "note_receipts",
    "offer_waiting",
    "process_events",
    "pull_due",
    "reject",
    "replay",
    "request_connection",
    "request_footprints",
    "revoke_connection",
    "revoke_partner_secret",
    "take_event",
    "use_partner_secret",
]

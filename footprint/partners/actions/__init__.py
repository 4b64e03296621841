"""Verbs: introduce, connect, grant, offer, take events, answer, tell, deliver, pull, try."""

from footprint.partners.actions.answering import fulfil, reject
from footprint.partners.actions.connecting import (
    approve_connection,
    change_connection,
    end_grant,
    grant_footprints,
    issue_partner_secret,
    issue_token,
    narrow_networks,
    request_connection,
    revoke_connection,
    revoke_partner_secret,
)
from footprint.partners.actions.delivering import deliver_due, replay
from footprint.partners.actions.erasing import erase_contacts
from footprint.partners.actions.hooks import (
    add_webhook,
    change_webhook,
    issue_webhook_secret,
    ping_webhook,
    remove_webhook,
    retire_webhook_secret,
)
from footprint.partners.actions.introducing import (
    accept_request,
    ask_to_be_connected,
    open_reception,
    refuse_request,
)
from footprint.partners.actions.noting import NOTED_AGAIN, note_reads
from footprint.partners.actions.offering import offer_waiting
from footprint.partners.actions.pulling import ask_to_pull, keep, pull_due, request_footprints
from footprint.partners.actions.receiving import process_events, take_event, watch_requests
from footprint.partners.actions.refusing import (
    note_denied,
    note_elsewhere,
    note_refused_token,
    note_worthless_token,
)
from footprint.partners.actions.taking_in import take_in_pcf
from footprint.partners.actions.telling import tell_news
from footprint.partners.actions.trying import ask_to_try, try_due

__all__ = [
    "NOTED_AGAIN",
    "accept_request",
    "add_webhook",
    "approve_connection",
    "ask_to_be_connected",
    "ask_to_pull",
    "ask_to_try",
    "change_connection",
    "change_webhook",
    "deliver_due",
    "end_grant",
    "erase_contacts",
    "fulfil",
    "grant_footprints",
    "issue_partner_secret",
    "issue_token",
    "issue_webhook_secret",
    "keep",
    "narrow_networks",
    "note_denied",
    "note_elsewhere",
    "note_reads",
    "note_refused_token",
    "note_worthless_token",
    "offer_waiting",
    "open_reception",
    "ping_webhook",
    "process_events",
    "pull_due",
    "refuse_request",
    "reject",
    "remove_webhook",
    "replay",
    "request_connection",
    "request_footprints",
    "retire_webhook_secret",
    "revoke_connection",
    "revoke_partner_secret",
    "take_event",
    "take_in_pcf",
    "tell_news",
    "try_due",
    "watch_requests",
]

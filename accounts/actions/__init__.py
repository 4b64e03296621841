"""Verbs about who takes part."""

from accounts.actions.client import (
    Credentials,
    add_service_client,
    change_service_client,
    issue_secret,
    revoke_secret,
    stop_service_client,
)
from accounts.actions.company import add_company, change_company, rename_group
from accounts.actions.delegation import delegate, revoke_delegation
from accounts.actions.invitation import accept, invite, send_again, withdraw
from accounts.actions.membership import add_role, end_role
from accounts.actions.notification import choose_mail, read_all, read_notification
from accounts.actions.person import change_details, close_account, open_account, reset_second_factor
from accounts.actions.sandbox import open_sandbox
from accounts.actions.site import add_site, change_site

__all__ = [
    "Credentials",
    "accept",
    "add_company",
    "add_role",
    "add_service_client",
    "add_site",
    "change_company",
    "change_details",
    "change_service_client",
    "change_site",
    "choose_mail",
    "close_account",
    "delegate",
    "end_role",
    "invite",
    "issue_secret",
    "open_account",
    "open_sandbox",
    "read_all",
    "read_notification",
    "rename_group",
    "reset_second_factor",
    "revoke_delegation",
    "revoke_secret",
    "send_again",
    "stop_service_client",
    "withdraw",
]

"""Verbs about who takes part."""

from accounts.actions.client import Credentials, add_service_client, stop_service_client
from accounts.actions.site import add_site, change_site

__all__ = ["Credentials", "add_service_client", "add_site", "change_site", "stop_service_client"]

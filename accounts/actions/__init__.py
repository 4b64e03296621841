"""Verbs about who takes part."""

from accounts.actions.site import add_site, change_site

__all__ = ["add_site", "change_site"]

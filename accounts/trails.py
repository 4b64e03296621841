"""Where am I: the steps above a page, company > site > ..."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.forms import named
from accounts.models import Company, Site

Trail = list[tuple[str, str]]


def company_trail(company: Company) -> Trail:
    """The directory and the company."""
    return [
        (_("Companies"), reverse("accounts:company_list")),
        (named(company), reverse("accounts:company", args=[company.uuid])),
    ]


def site_trail(site: Site) -> Trail:
    """The company and the site."""
    return [
        (named(site.company), reverse("accounts:company", args=[site.company.uuid])),
        (named(site), reverse("accounts:site", args=[site.uuid])),
    ]

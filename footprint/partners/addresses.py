"""Addresses of ours that are handed to people outside."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from accounts.models import Company


def asking_address(company: Company) -> str:
    """Where anybody asks this company to be connected, as long as it takes requests."""
    return f"{settings.PUBLIC_URL}{reverse('partners:introduce')}?company={company.uuid}"

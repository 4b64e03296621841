"""Nouns: who takes part."""

from accounts.models.company import Company, CompanyGroup, Site
from accounts.models.person import Membership, ServiceClient, User

__all__ = ["Company", "CompanyGroup", "Membership", "ServiceClient", "Site", "User"]

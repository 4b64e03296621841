"""Nouns: who takes part, and what they did."""

from accounts.models.audit import AuditChain, AuditCheckpoint, AuditEntry, AuditLeaf, AuditSeal
from accounts.models.company import Company, CompanyGroup, Site
from accounts.models.person import Membership, ServiceClient, User
from accounts.models.reply import KeptReply

__all__ = [
    "AuditChain",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditLeaf",
    "AuditSeal",
    "Company",
    "CompanyGroup",
    "KeptReply",
    "Membership",
    "ServiceClient",
    "Site",
    "User",
]

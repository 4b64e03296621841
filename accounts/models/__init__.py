"""Nouns: who takes part, and what they did."""

from accounts.models.audit import AuditChain, AuditCheckpoint, AuditEntry, AuditLeaf, AuditSeal
from accounts.models.client import ClientSecret, ServiceClient
from accounts.models.company import Company, CompanyGroup, Site
from accounts.models.notification import USUAL, Kind, Mail, MailChoice, Notification
from accounts.models.person import Delegation, Invitation, Membership, User
from accounts.models.remark import Remark
from accounts.models.reply import KeptReply
from accounts.models.step import Step

__all__ = [
    "USUAL",
    "AuditChain",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditLeaf",
    "AuditSeal",
    "ClientSecret",
    "Company",
    "CompanyGroup",
    "Delegation",
    "Invitation",
    "KeptReply",
    "Kind",
    "Mail",
    "MailChoice",
    "Membership",
    "Notification",
    "Remark",
    "ServiceClient",
    "Site",
    "Step",
    "User",
]

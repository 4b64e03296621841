"""Nouns of verification."""

from footprint.verification.models.engagement import (
    Dossier,
    Engagement,
    EngagementStep,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from footprint.verification.models.remark import EngagementRemark

__all__ = [
    "Dossier",
    "Engagement",
    "EngagementRemark",
    "EngagementStep",
    "SampledLine",
    "VerificationFinding",
    "VerificationStatement",
]

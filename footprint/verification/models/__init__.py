"""Nouns of verification."""

from footprint.verification.models.engagement import (
    Dossier,
    Engagement,
    EngagementStep,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)

__all__ = [
    "Dossier",
    "Engagement",
    "EngagementStep",
    "SampledLine",
    "VerificationFinding",
    "VerificationStatement",
]

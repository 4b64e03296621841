"""Nouns: what was published, for whom, signed with which key."""

from footprint.publication.models.publication import (
    Publication,
    PublicationRecipient,
    PublicationStep,
    SigningKey,
)

__all__ = ["Publication", "PublicationRecipient", "PublicationStep", "SigningKey"]

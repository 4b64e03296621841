"""Nouns: imports on their way."""

from footprint.exchange.models.job import ImportJob

__all__ = ["ImportJob"]

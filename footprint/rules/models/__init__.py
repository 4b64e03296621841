"""Nouns: rules as records."""

from footprint.rules.models.category import ProductCategory

__all__ = ["ProductCategory"]

"""Nouns: imports and exports on their way."""

from footprint.exchange.models.export import CompanyExport
from footprint.exchange.models.job import ImportJob

__all__ = ["CompanyExport", "ImportJob"]

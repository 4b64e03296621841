"""Nouns: imports, workbooks and exports on their way."""

from footprint.exchange.models.export import CompanyExport
from footprint.exchange.models.job import ImportJob
from footprint.exchange.models.workbook import WorkbookUpload

__all__ = ["CompanyExport", "ImportJob", "WorkbookUpload"]

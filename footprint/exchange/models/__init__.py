"""Nouns: imports, workbooks, upserts and exports on their way."""

from footprint.exchange.models.export import CompanyExport, package_name
from footprint.exchange.models.job import ImportJob
from footprint.exchange.models.upsert import UpsertBody, UpsertJob, UpsertRow
from footprint.exchange.models.workbook import WorkbookUpload

__all__ = [
    "CompanyExport",
    "ImportJob",
    "UpsertBody",
    "UpsertJob",
    "UpsertRow",
    "WorkbookUpload",
    "package_name",
]

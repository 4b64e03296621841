"""Verbs: what is brought in from other formats."""

from footprint.exchange.actions.import_job import discard_leftovers, due_jobs, queue_import, run_import
from footprint.exchange.actions.import_openlca import Imported, Period, import_openlca, last_full_year

__all__ = [
    "Imported",
    "Period",
    "discard_leftovers",
    "due_jobs",
    "import_openlca",
    "last_full_year",
    "queue_import",
    "run_import",
]

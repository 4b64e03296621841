"""Verbs: what is brought in from other formats, and what a company takes home."""

from footprint.exchange.actions.export_company import write_export
from footprint.exchange.actions.export_openlca import write_package
from footprint.exchange.actions.exporting import (
    due_exports,
    is_long,
    place_of,
    queue_export,
    queue_package,
    remove_old_exports,
    run_export,
)
from footprint.exchange.actions.factor_package import Stated, propose_package
from footprint.exchange.actions.factor_table import propose_file
from footprint.exchange.actions.import_job import discard_leftovers, due_jobs, queue_import, run_import
from footprint.exchange.actions.import_openlca import Imported, Period, import_openlca, last_full_year
from footprint.exchange.actions.pact_sheet import take_in_sheet
from footprint.exchange.actions.upserting import (
    Target,
    cancel_upsert,
    due_upserts,
    forget_upserts,
    may_cancel,
    queue_upsert,
    run_upsert,
    upsert,
)
from footprint.exchange.actions.workbook import (
    apply_workbook,
    compare_again,
    discard_workbook,
    filled_rows,
    take_in_pasted,
    take_in_workbook,
)
from footprint.exchange.actions.workbook_job import (
    cancel_workbook,
    confirm_workbook,
    due_workbooks,
    run_workbook,
)

__all__ = [
    "Imported",
    "Period",
    "Stated",
    "Target",
    "apply_workbook",
    "cancel_upsert",
    "cancel_workbook",
    "compare_again",
    "confirm_workbook",
    "discard_leftovers",
    "discard_workbook",
    "due_exports",
    "due_jobs",
    "due_upserts",
    "due_workbooks",
    "filled_rows",
    "forget_upserts",
    "import_openlca",
    "is_long",
    "last_full_year",
    "may_cancel",
    "place_of",
    "propose_file",
    "propose_package",
    "queue_export",
    "queue_import",
    "queue_package",
    "queue_upsert",
    "remove_old_exports",
    "run_export",
    "run_import",
    "run_upsert",
    "run_workbook",
    "take_in_pasted",
    "take_in_sheet",
    "take_in_workbook",
    "upsert",
    "write_export",
    "write_package",
]

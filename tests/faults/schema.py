"""The seeded bugs that are triggers taken away; storms need them without Django."""

from __future__ import annotations

NO_TRIGGER = ("ALTER TABLE inventory_exchange DISABLE TRIGGER inventory_exchange_marks_process_update",)
SCHEMA = {
    "mark_after_commit": NO_TRIGGER,
    "signal_in_place_of_trigger": NO_TRIGGER,
    "second_transaction": tuple(
        f"ALTER TABLE {table} DISABLE TRIGGER {table}_marks_benchmark_{event}"
        for table in ("calculation_footprint", "analysis_profilefigure")
        for event in ("insert", "update", "delete")
    ),
}

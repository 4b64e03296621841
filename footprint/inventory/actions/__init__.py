"""Verbs: what members do with their inventories. Every one is gated, checked, atomic."""

from footprint.inventory.actions.adopt import adopt_version
from footprint.inventory.actions.allocation import (
    Share,
    put_price,
    remove_price,
    set_allocation_basis,
    set_allocation_shares,
    set_price,
)
from footprint.inventory.actions.answer import answer_questions
from footprint.inventory.actions.checklist import Answered, answer_checklist
from footprint.inventory.actions.cogeneration import Carried, set_cogeneration
from footprint.inventory.actions.evidence import add_evidence, remove_evidence
from footprint.inventory.actions.exchange import add_exchange, change_exchange
from footprint.inventory.actions.grant import end_grant, grant_product, open_while_needed, shorten_to_needed
from footprint.inventory.actions.inventory import add_inventory, change_inventory
from footprint.inventory.actions.many_lines import Batch, Unmade, remove_lines, stage_line, twin, write_lines
from footprint.inventory.actions.prefill import Prefilled, prefill_inventory
from footprint.inventory.actions.process import add_process, change_process
from footprint.inventory.actions.product import add_product, change_product
from footprint.inventory.actions.removal import remove_exchange, remove_process, restore_line
from footprint.inventory.actions.submission import move_submission, open_submission
from footprint.inventory.actions.thread import answer_thread, close_thread, open_thread
from footprint.inventory.actions.upsert_lines import Upserted, upsert_lines
from footprint.inventory.actions.upsert_products import upsert_products

__all__ = [
    "Answered",
    "Batch",
    "Carried",
    "Prefilled",
    "Share",
    "Unmade",
    "Upserted",
    "add_evidence",
    "add_exchange",
    "add_inventory",
    "add_process",
    "add_product",
    "adopt_version",
    "answer_checklist",
    "answer_questions",
    "answer_thread",
    "change_exchange",
    "change_inventory",
    "change_process",
    "change_product",
    "close_thread",
    "end_grant",
    "grant_product",
    "move_submission",
    "open_submission",
    "open_thread",
    "open_while_needed",
    "prefill_inventory",
    "put_price",
    "remove_evidence",
    "remove_exchange",
    "remove_lines",
    "remove_price",
    "remove_process",
    "restore_line",
    "set_allocation_basis",
    "set_allocation_shares",
    "set_cogeneration",
    "set_price",
    "shorten_to_needed",
    "stage_line",
    "twin",
    "upsert_lines",
    "upsert_products",
    "write_lines",
]

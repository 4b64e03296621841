"""What a workbook and its comparison say to people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from accounts.figures import is_chinese
from footprint.exchange.openlca.sentences import SENTENCES as OF_ZIPS

ZIP = (
    *("too_large", "too_many_members", "unpacks_too_large", "unsafe_name", "duplicate_member"),
    *("nested_archive", "not_a_file", "encrypted", "member_too_large", "packed_too_well", "other_packing"),
    *("overlapping", "longer_than_promised", "damaged"),
    *("needs_too_much_memory", "takes_too_long", "says_too_much"),
)
"""What is wrong with any zip."""

SENTENCES: dict[str, Text] = {
    **{code: OF_ZIPS[code] for code in ZIP},
    # the file
    "no_zip": _("This is not an Excel workbook (.xlsx), or it is protected by a password or was cut off."),
    "no_workbook": _("This is not an Excel workbook (.xlsx)."),
    "reader_died": _(
        "Reading this file broke its reader. Save it as .xlsx again, or download the workbook anew."
    ),
    "broken": _("This workbook is damaged. Save it as .xlsx again, or download the workbook anew."),
    "macros": _("This workbook holds macros. Save it as .xlsx, without macros."),
    "external_links": _(
        "This workbook draws on other files or on a data source. Paste the values and break the links."
    ),
    "embedded": _("This workbook holds embedded objects. Remove them."),
    "declarations": _("This part declares a document type or entities, as no spreadsheet does."),
    "merged": _("Cells are merged here. Undo the merging: every line needs its own cells."),
    "far_cell": _(
        "Something stands far outside of the table. Delete everything below and beside it; a workbook holds "
        "%(most)s lines at most."
    ),
    "sheet_missing": _("The sheet “%(zh)s” / “%(en)s” is missing or was renamed. Give it back its name."),
    "column_missing": _(
        "The column “%(zh)s” / “%(en)s” is missing. Download the workbook anew and fill that in."
    ),
    "column_twice": _("This column is there twice (%(value)s). Remove one of the two."),
    "other_format": _(
        "This workbook was made by another version of the platform. Download it anew and fill that in."
    ),
    "other_inventory": _("This workbook belongs to another inventory. Upload it there."),
    # a row
    "unknown_line": _(
        "This line is not in this inventory, or not any more. Mark the row as removed; enter what is "
        "still needed "
        "in an empty row."
    ),
    "line_twice": _(
        "Row %(first)s has this line already. If the row was copied, enter a further line in an empty row."
    ),
    "bad_version": _(
        "The hidden version of this row was changed. Download the workbook anew and fill that in."
    ),
    # a cell
    "formula": _("A formula stands here: %(value)s. Paste its value instead."),
    "error_cell": _("An error value stands here: %(value)s. Enter the value that is meant."),
    "date": _(
        "The spreadsheet took this for a date: %(value)s. Set the cell's format to number and enter it again."
    ),
    "too_long": _("At most %(longest)s characters fit here; this has %(length)s."),
    "no_truth_here": _("“%(value)s” is a truth value. Enter a text or a number."),
    "no_provider": _(
        "“%(value)s” names no provider. Choose one from the list, or write what it is and its code, as in "
        "“Process P-01”."
    ),
    "no_choice": _("“%(value)s” is not a choice here. Choose one of: %(allowed)s."),
    "unknown_unit": _(
        "The unit “%(unit)s” is not known. Choose one from the list, for example kg, t, MJ, kWh, Nm3."
    ),
    "no_number": _("“%(value)s” is not a number. Write it like 1250.5, with a point before the decimals."),
    "two_numbers": _(
        "“%(value)s” can be read as %(first)s or as %(second)s. Enter it as a number, or without the comma."
    ),
    "percent": _("“%(value)s” is a percentage. Enter the amount itself."),
    "unknown_thing": _("There is no such thing, or you may not use it."),
    "fixed_process": _(
        "A line stays with its process. Remove it here and enter it anew under the other process."
    ),
}

STEPS: tuple[Text, ...] = (
    _(
        "Fill in the sheet of lines. Cells on grey ground are for reading: what a line is in, and the"
        " value of the "
        "period before."
    ),
    _("Amounts are for the whole period. Each has a unit; the list offers those that suit."),
    _(
        "A further line goes into an empty row below: process, direction, kind, then the product or "
        "the gas, amount "
        "and unit. Do not copy whole rows: hidden columns say which line a row is."
    ),
    _("To take a line away, choose “Remove” in its row. A row that is missing changes nothing."),
    _("What is known of the quality of an amount goes into the last columns."),
    _("Enter values, not formulas. Write decimals with a point."),
    _(
        "Then upload the file on the page of the inventory. It shows every change before anything is "
        "stored, and "
        "what is refused and why."
    ),
)
HELP: Mapping[str, Text] = {
    "process": _("The unit process the line belongs to. A line stays with its process."),
    "direction": _("Into the process or out of it."),
    "kind": _("Product, waste, or an elementary flow from or to nature."),
    "product": _("The code of a product or waste of your company. Empty for an elementary flow."),
    "gas": _("Of an emission: the greenhouse gas."),
    "origin": _("Where the carbon of an emission comes from."),
    "amount": _("For the whole period, not per unit of product. A credit is a line marked “avoided”."),
    "unit": _("A unit that measures the same as the product's, or converts into it."),
    "previous": _(
        "The value of the same line in the period before, in the unit of this line. For reading only."
    ),
    "data_type": _("Where the amount comes from."),
    "provider": _(
        "Where an input comes from: a process of this inventory, a product, or an emission factor. "
        "Empty: cut off, "
        "it counts nothing."
    ),
    "is_reference": _("The one product of a process that it is run for."),
    "is_avoided": _("An output that replaces another production and is credited."),
    "remove": _("Choose to take this line away."),
    "exempted_kg_co2e": _(
        "Of an input without a provider: what it would bring in the period, as you estimate it."
    ),
    "gsd2": _("Squared geometric standard deviation of the amount, 1 or more."),
    **{
        f"pedigree_{name}": _("A score is a whole number from 1 (best) to 5 (worst).")
        for name in ("reliability", "completeness", "temporal", "geographical", "technological")
    },
}
WARNING: Text = _("This is not in the list. Check that it is written as you mean it.")


def sentence(code: str, values: Mapping[str, str]) -> str:
    """What is wrong, in the language of the moment."""
    said = values.get("zh" if is_chinese(get_language() or "zh-hans") else "en", "")
    if code == "refused":
        return said
    return str(SENTENCES[code]) % {**values, "allowed": said}

"""Problems and findings in words a member can act on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal, Text
from footprint.exchange.confined.problems import Problem

SENTENCES: dict[str, Text] = {
    "refused": "%(message)s",
    # the zip
    "too_large": _("The file is larger than %(most)s MB."),
    "no_zip": _("This is not a zip file, or it was cut off on its way. Export it from openLCA again."),
    "too_many_members": _("The zip holds %(found)s files; at most %(most)s are accepted."),
    "unpacks_too_large": _("The zip unpacks to %(found)s MB; at most %(most)s MB are accepted."),
    "unsafe_name": _("The name of this file leads out of the zip."),
    "duplicate_member": _("The zip holds this file twice."),
    "nested_archive": _("The zip holds another archive; only plain files are accepted."),
    "not_a_file": _("This entry of the zip is a link or a device, not a file."),
    "encrypted": _("This file is encrypted; export it without a password."),
    "member_too_large": _("This file is larger than %(most)s MB."),
    "packed_too_well": _("This file unpacks to more than %(most)s times its size."),
    "other_packing": _("This file is packed in another way than zip's usual one (deflate)."),
    "overlapping": _("This file lies across another one in the zip."),
    "longer_than_promised": _("This file is longer than the zip says."),
    "needs_too_much_memory": _("Reading this file needs more memory than a file may take; send it in parts."),
    "takes_too_long": _("Reading this file takes longer than a file may take; send it in parts."),
    "says_too_much": _("There is more in this file than can be taken in at once; send it in parts."),
    "reader_died": _("Reading this file broke its reader. Export it from openLCA again."),
    "damaged": _("This file is damaged: it cannot be unpacked."),
    # a document
    "not_utf8": _("This file is not UTF-8 text."),
    "too_deep": _("This file nests deeper than %(most)s levels."),
    "broken_json": _("This file is not sound JSON (%(reason)s)."),
    "duplicate_key": _("This field is there twice in one object."),
    "wrong_type": _("This should be of type %(expected)s."),
    "missing": _("This is missing."),
    "bad_number": _("%(value)s is not a number that can be calculated with."),
    "not_a_uuid": _("%(value)s is not a UUID."),
    "unknown_value": _("“%(value)s” is not a known value here."),
    "duplicate_id": _("%(value)s occurs twice."),
    "not_positive": _("This must be greater than zero."),
    "one_reference": _("Exactly one entry must be marked as the reference; %(found)s are."),
    # the package
    "no_processes": _("The zip holds no openLCA processes (folder “processes”)."),
    "missing_reference": _("%(value)s is not in the zip."),
    "not_a_property_of_flow": _("The flow “%(flow)s” has no such flow property (%(value)s)."),
    "not_a_unit_of_property": _("The flow property “%(quantity)s” has no such unit (%(value)s)."),
    "too_many_exchanges": _("A process may have at most %(most)s exchanges."),
    "reference_is_no_output": _(
        "The quantitative reference must be a product that is put out or a waste taken in."
    ),
    "avoided_is_product_input": _("An avoided product must be a product on the input side."),
    "factor_of_no_product": _("The process does not make the product of this allocation factor (%(value)s)."),
    "factor_twice": _("The allocation factor for this product and exchange is given twice with two values."),
    # units and shares
    "unknown_unit": _("The unit “%(value)s” is not known here."),
    "unit_of_other_dimension": _(
        "The unit “%(value)s” measures another quantity here than in its unit group."
    ),
    "unit_factor_differs": _(
        "The file says 1 %(value)s = %(theirs)s reference units, but it is %(ours)s. Correct the unit group."
    ),
    "gas_without_mass": _("The emission “%(value)s” is not in a unit of mass, and the flow has no mass."),
    "two_properties_of_one_dimension": _(
        "“%(value)s” has two flow properties of one dimension; only one of them can be used."
    ),
    "shares_missing": _("The declared allocation (%(value)s) lacks a factor for a co-product."),
    "shares_do_not_sum": _(
        "The factors of the declared allocation (%(value)s) must not be negative and must sum to 1; they sum "
        "to %(total)s."
    ),
    "conversion_differs": _(
        "The product exists with 1 %(unit)s = %(ours)s %(value)s; the file says %(theirs)s. Replace the "
        "inventory to take over the file's value, or correct the file."
    ),
    "product_unit_differs": _(
        "The product exists and is counted in %(ours)s; the file's unit %(theirs)s does not convert to it."
    ),
    # processes as factors
    "not_elementary": _(
        "“%(value)s” is no elementary flow: what stands behind it is not in this process. Export the product "
        "system as a system process, and hand that in."
    ),
    "total_is_no_gas": _(
        "“%(value)s” was weighed already and is not resolved by gas. Propose such a total in the workbook."
    ),
    "removal_in_factor": _(
        "“%(value)s” is taken out of the air here, and a factor states only what is emitted."
    ),
    "negative_emission": _("The amount of “%(value)s” is negative: a factor states only what is emitted."),
    "no_gases": _("No greenhouse gas goes from this process into the air."),
    "no_place": _("The process names no place. Choose one for those that name none."),
    "missing_location": _(
        "The process names a location (%(value)s) whose file is not in the zip. Export the package again "
        "with its locations."
    ),
    "unknown_place": _(
        "“%(value)s” is not a place of the list. The nearest: %(near)s. Correct it in openLCA, or remove it "
        "and choose one here."
    ),
    "no_year": _("The process does not say from when on it is valid. State a year for those that do not."),
    "name_too_long": _("At most %(most)s characters fit here."),
    "not_counted": _("“%(value)s” goes into the air, is no greenhouse gas of the list, and does not count."),
    "gas_elsewhere": _(
        "“%(value)s” is a greenhouse gas, but filed under “%(compartment)s” instead of emissions to air: it "
        "does not count."
    ),
    # findings: imported, but worth knowing
    "no_maker": _("Nothing in the zip provides it: cut off, it carries no burden."),
    "several_makers": _("Several processes provide it and none is named: cut off, it carries no burden."),
    "provider_makes_it_not": _(
        "The default provider does not make it; the only process that does was taken."
    ),
    "provider_not_in_package": _(
        "The default provider is not in the zip; the only process that makes it was taken."
    ),
    "allocation_unused": _("A set of allocation factors (%(value)s) is stored and not in force."),
    "removal": _("“%(value)s” is an emission on the input side: counted as taken out of the air."),
    "formula": _("A formula stands behind this amount; the amount was taken as it is."),
    "negative_amount": _("The amount of “%(flow)s” is negative: taken as it is."),
    "unit_factor_rounded": _(
        "The file says 1 %(value)s = %(theirs)s reference units; ours, %(ours)s, is used."
    ),
    "waste_input_not_reference": _(
        "“%(value)s” is taken in but is not the quantitative reference: no provider for others."
    ),
}


def sentence(problem: Problem) -> str:
    """The problem in the language of the moment."""
    return str(SENTENCES[problem.code]) % problem.values


def refusal(problem: Problem) -> Refusal:
    """The problem as the doors answer it: the file is the row."""
    return Refusal(
        sentence(problem), field=problem.field or None, row=problem.file or None, code=problem.code
    )

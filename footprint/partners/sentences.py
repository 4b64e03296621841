"""What is said about a finding: what is wrong, and what to write instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

SENTENCES: dict[str, Text] = {
    "not_object": _("This must be an object of named values."),
    "missing": _("%(name)s is required. Add it."),
    "two_geographies": _("At most one geography is given, not %(names)s. Keep the narrowest."),
    "null": _("%(name)s is null. Leave it out where there is no value."),
    "not_list": _("%(name)s must be a list."),
    "empty_list": _("%(name)s is an empty list. Leave it out, or name at least one."),
    "repeated": _("%(name)s names the same twice. Keep one."),
    "not_truth": _("%(name)s must be true or false, without quotation marks."),
    "not_text": _("%(name)s must be a text."),
    "not_a_choice": _("%(name)s must be one of: %(choices)s."),
    "not_uuid": _("%(name)s must be a UUID."),
    "not_version": _("%(name)s must be a version of three numbers, for example 3.0.3."),
    "not_urn": _("%(name)s must be a URN without spaces, for example urn:gtin:4712345060507."),
    "not_uri": _("%(name)s must be an address with its scheme."),
    "not_https": _("%(name)s must be an https address."),
    "not_report": _("%(name)s must be an assessment report such as AR6."),
    "not_pattern": _("%(name)s must be an ISO 3166 code, for example CN or CN-SD."),
    "not_moment": _("%(name)s must be a date and time with its zone, for example 2026-01-01T00:00:00Z."),
    "not_name": _("%(name)s must not be empty."),
    "not_decimal": _("%(name)s must be a plain decimal in quotation marks, without exponent: “1.5”."),
    "out_of_range_positive": _("%(name)s must be above zero, not %(value)s."),
    "out_of_range_not_negative": _("%(name)s must not be negative: %(value)s."),
    "out_of_range_not_positive": _("%(name)s counts what is taken out and is not above zero: %(value)s."),
    "out_of_range_percent": _("%(name)s is a percentage from 0 to 100, not %(value)s."),
    "out_of_range_rating": _("%(name)s is a rating from 1 to 5, not %(value)s."),
    "period_backwards": _("The reference period ends before it begins."),
    "valid_too_early": _("Validity begins before the reference period ends. Begin with its end."),
    "validity_backwards": _("Validity ends before it begins."),
    "valid_too_long": _("Validity ends more than three years after the reference period."),
    "without_packaging": _("Packaging is given although it is said not to be included. Leave it out."),
    "without_capture": _("%(name)s is given although capture is said not to be included. Leave it out."),
    "without_credit": _("A certificate goes with the approach Credit alone."),
    "operator_unnamed": _("The operator is Other: name it."),
    "operator_named_twice": _("The operator is named twice. Leave the other name out."),
    "unknown_standard": _("“%(name)s” is no standard that PACT lists. Check its spelling."),
    "absent_shall": _("The methodology demands %(name)s."),
    "absent_should": _("The methodology asks for %(name)s."),
    "absent_shall_2027": _("The methodology demands %(name)s from the end of 2027."),
    "global": _("No geography is given, which means the whole world."),
    "uptake_does_not_fit": _("With and without uptake differ by %(difference)s, the uptake is %(uptake)s."),
    "parts_do_not_sum": _("The parts sum to %(sum)s, the total is %(stated)s."),
    "mass_is_not_amount": _("Amount and mass differ although the unit is the kilogram. Compare them."),
    "more_carbon_than_mass": _("There is more carbon than mass. Give carbon per declared unit."),
}

"""What scopes, boundaries and derivations mean, in words for members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text

TABLE_WORDS: dict[str, Text] = {
    "electricity-footprint": _("Electricity, life cycle"),
    "grid-co2": _("Grid electricity, CO2 of generation"),
    "heat": _("Purchased heat"),
    "fuel": _("Fuels"),
    "fuel-desnz": _("Fuels (United Kingdom)"),
    "freight": _("Freight"),
    "material": _("Materials"),
    "chemical": _("Chemicals (EU border, default values)"),
}
"""Tables of the built-in factors; whoever adds a table names it as they like."""
SCOPE_WORDS: dict[str, Text] = {
    "co2": _("Counts carbon dioxide only. Methane, nitrous oxide and other gases are left out."),
    "co2e": _("Counts all greenhouse gases, weighed into CO2 equivalents."),
}
BOUNDARY_WORDS: dict[str, Text] = {
    "direct": _(
        "Direct emissions where the power or heat is generated. Fuel supply, plant building and grid losses "
        "are left out: do not compare or add it to a life-cycle factor."
    ),
    "combustion": _("Burning the fuel only. Its extraction, processing and transport are left out."),
    "upstream": _("Extraction, processing and transport up to delivery. Burning the fuel is left out."),
    "life_cycle": _(
        "The whole life cycle, fuel supply and equipment included: do not compare or add it to a factor of "
        "direct emissions."
    ),
    "cradle_to_gate": _(
        "From the extraction of raw materials to the factory gate. Use and disposal are left out."
    ),
    "embedded": _(
        "Emissions that the EU counts at its border: of the plant, its electricity and certain feedstocks. "
        "The supply of fuels is left out: do not compare or add it to a cradle-to-gate factor."
    ),
}
FIGURE_WORDS: dict[str, tuple[Text, str]] = {
    "ncv_gj": (_("Net calorific value"), "GJ"),
    "carbon_kg_per_gj": (_("Carbon content"), "kg C / GJ"),
    "oxidation": (_("Oxidised share"), ""),
    "co2_kg_per_tj": (_("CO2 emission factor"), "kg / TJ"),
    "ch4_kg_per_tj": (_("CH4 emission factor"), "kg / TJ"),
    "n2o_kg_per_tj": (_("N2O emission factor"), "kg / TJ"),
    "co2e_of_co2": (_("Published CO2 part"), "kg CO2e"),
    "co2e_of_ch4": (_("Published CH4 part"), "kg CO2e"),
    "co2e_of_n2o": (_("Published N2O part"), "kg CO2e"),
    "co2e_total": (_("Published total"), "kg CO2e"),
    "gwp_ch4": (_("GWP of CH4 used by the publisher"), ""),
    "gwp_n2o": (_("GWP of N2O used by the publisher"), ""),
}
RELATION_WORDS: dict[str, Text] = {
    "derived_from": _("Derived from"),
    "averaged_over": _("Average over"),
    "converted_from": _("Converted from"),
    "adapted_region": _("Adapted to another region, from"),
}
CONVERSION_WORDS: dict[str, Text] = {
    "unit": _("Unit"),
    "gwp_set": _("GWP set"),
    "geography": _("Place"),
    "reference_year": _("Year"),
}
RECIPE_WORDS: dict[str, Text] = {
    "member_footprint": _("A footprint that a member published, offered by its owner: the total alone"),
    "alliance_average": _("Mean of a released comparison of members; its cohort stays unknown"),
    "carbon": _("Net calorific value × carbon content × oxidised share × 44/12"),
    "heat": _("Emission per TJ × net calorific value ÷ 1000"),
    "heat_biogenic": _("Emission per TJ × net calorific value ÷ 1000; the CO2 is biogenic"),
    "published_co2e": _("Published kg CO2e of each gas ÷ the GWP it was published with"),
}


def table_name(code: str) -> Text:
    """What a table of factors is called: the words for a built-in one, else its own code."""
    return TABLE_WORDS.get(code, code)

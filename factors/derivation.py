"""From published figures to kg per unit, exactly. Pure.

Every seeded version keeps the recipe and the figures it was made from, so that the number can be worked out
again by hand. Quotients that do not end are rounded to 24 significant digits, half to even.

    direct          kg of each gas per unit, as published
    carbon          NCV (GJ/unit) x carbon (kg C/GJ) x oxidised share x 44/12
    heat            kg per TJ of CO2, CH4 and N2O, divided by 1000 per GJ, times NCV when the unit is no GJ
    heat_biogenic   the same; CO2 and CH4 of biogenic origin
    published_co2e  kg CO2e of each gas, divided by the GWP it was published with

Methane from burning fossil fuel keeps the origin "unspecified": the CO2 figure already takes all carbon as
oxidised, and the fossil value of GWP would count the CO2 from decaying methane a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

from factors.content import Emission
from factors.origins import Origin

DIGITS = 24
CO2_PER_CARBON = Fraction(44, 12)
FOSSIL, BIOGENIC, UNSPECIFIED = Origin.FOSSIL.value, Origin.BIOGENIC.value, Origin.UNSPECIFIED.value


class UnknownRecipe(ValueError):
    """No such way of deriving emissions."""


def emissions(recipe: str, figures: Mapping[str, str]) -> tuple[Emission, ...]:
    """The gases per unit that the figures give by the recipe.

    Units    as named in the figures' keys; result kg per unit of the factor
    Errors   UnknownRecipe; KeyError when a figure is missing; ValueError when one is no number
    Source   IPCC 2006 Guidelines, volume 2, chapter 2 (carbon balance and emission factor methods)
    """
    if recipe == "direct":
        return tuple(_stated(key, figure) for key, figure in figures.items())
    if recipe not in RECIPES:
        raise UnknownRecipe(recipe)
    return RECIPES[recipe]({key: Fraction(figure) for key, figure in figures.items()})


def _stated(key: str, figure: str) -> Emission:
    gas, _, origin = key.partition("/")
    return Emission(gas, origin or UNSPECIFIED, Decimal(figure))


def _carbon(figures: Mapping[str, Fraction]) -> tuple[Emission, ...]:
    carbon = figures["ncv_gj"] * figures["carbon_kg_per_gj"] * figures["oxidation"]
    return (Emission("CO2", FOSSIL, decimal(carbon * CO2_PER_CARBON)),)


def _heat(figures: Mapping[str, Fraction]) -> tuple[Emission, ...]:
    return _from_heat(figures, FOSSIL, UNSPECIFIED)


def _heat_biogenic(figures: Mapping[str, Fraction]) -> tuple[Emission, ...]:
    return _from_heat(figures, BIOGENIC, BIOGENIC)


def _from_heat(figures: Mapping[str, Fraction], co2: str, methane: str) -> tuple[Emission, ...]:
    per_unit = figures.get("ncv_gj", Fraction(1)) / 1000
    return (
        Emission("CO2", co2, decimal(figures["co2_kg_per_tj"] * per_unit)),
        Emission("CH4", methane, decimal(figures["ch4_kg_per_tj"] * per_unit)),
        Emission("N2O", UNSPECIFIED, decimal(figures["n2o_kg_per_tj"] * per_unit)),
    )


def _published_co2e(figures: Mapping[str, Fraction]) -> tuple[Emission, ...]:
    return (
        Emission("CO2", FOSSIL, decimal(figures["co2e_of_co2"])),
        Emission("CH4", UNSPECIFIED, decimal(figures["co2e_of_ch4"] / figures["gwp_ch4"])),
        Emission("N2O", UNSPECIFIED, decimal(figures["co2e_of_n2o"] / figures["gwp_n2o"])),
    )


RECIPES = {
    "carbon": _carbon,
    "heat": _heat,
    "heat_biogenic": _heat_biogenic,
    "published_co2e": _published_co2e,
}


def decimal(exact: Fraction) -> Decimal:
    """The fraction as a decimal of at most 24 significant digits, without trailing noughts."""
    with localcontext() as context:
        context.prec = DIGITS
        value = (Decimal(exact.numerator) / Decimal(exact.denominator)).normalize()
    return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))  # type: ignore[operator]

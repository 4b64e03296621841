"""What the screening of a proposal says, in sentences its proposer can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.errors import Text

SENTENCES: dict[str, Text] = {
    "gas_split": _(
        "Burning and process emissions are stated gas by gas: one total in CO2e could never be weighed again."
    ),
    "gas_as_co2e": _(
        "%(gas)s is %(ratio)s times what its peers state: about what a kilogram of it weighs against CO2. "
        "State kilograms of the gas, not of CO2e."
    ),
    "slip_thousand": _(
        "It is %(ratio)s times the median of %(peers)s peers: a factor of a thousand. Check kg or t, "
        "g or kg, MJ or GJ, t km or kg km."
    ),
    "slip_million": _(
        "It is %(ratio)s times the median of %(peers)s peers: a factor of a million. Check mg or kg, g or t."
    ),
    "slip_kwh_mj": _(
        "It is %(ratio)s times the median of %(peers)s peers: 3.6 lies between MJ and kWh, 44/12 = 3.67 "
        "between carbon and CO2. Check both."
    ),
    "slip_carbon_co2": _(
        "It is %(ratio)s times the median of %(peers)s peers: 44/12 = 3.67 lies between carbon and CO2, "
        "3.6 between MJ and kWh. Check both."
    ),
    "slip_ten": _(
        "It is %(ratio)s times the median of %(peers)s peers: a factor of ten. Check the decimal point."
    ),
    "slip_hundred": _(
        "It is %(ratio)s times the median of %(peers)s peers: a factor of a hundred. Check per cent."
    ),
    "slip_day_hour": _(
        "It is %(ratio)s times the median of %(peers)s peers: 24 lies between days and hours. Check it."
    ),
    "slip_ten_thousand": _(
        "It is %(ratio)s times the median of %(peers)s peers: a factor of ten thousand. Check m² or ha, "
        "m³ or 10⁴ m³."
    ),
    "slip_calorie": _(
        "It is %(ratio)s times the median of %(peers)s peers: 4.1868 lies between joules and calories."
    ),
    "heating_basis": _(
        "It is %(ratio)s times the median of %(peers)s peers: what lies between net and gross heating "
        "value. Check on which the figure is based; here it is the net one."
    ),
    "outlier": _(
        "It is %(ratio)s times the median of %(peers)s peers and lies %(z)s robust deviations away; "
        "more than 3.5 needs a reason."
    ),
    "beyond_usual": _(
        "It is %(figure)s kg CO2e per unit. But for precious metals and losses of strong gases, hardly "
        "anything emits more than %(usual)s. Check kg or t, g or kg, MJ or GJ."
    ),
    "off_parents": _(
        "It is %(ratio)s times what the versions it comes from give in its unit. Check the conversion, or "
        "the parents of the average."
    ),
    "double": _("%(codes)s has the same figure for the same place and year. Is it the same thing?"),
    "jump": _(
        "%(gas)s moves from %(then)s to %(now)s kg per unit, twenty times or more, against the version it "
        "would replace."
    ),
}


def sentence(code: str, stated: Mapping[str, Any]) -> str:
    """One finding in words; figures as people read them."""
    words = {
        name: figures.significant(value, 3) if isinstance(value, float) else value
        for name, value in stated.items()
    }
    return str(SENTENCES[code]) % words

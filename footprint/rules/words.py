"""What built-in categories and rules say of their sources, named so that it can be translated."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

RULES = (
    _("Decision of this product"),
    _("Proposal of this product; a product category rule prevails"),
)
BUILT_IN = (
    _("Mining with mine methane, gassy mines at the high end; unverified, from memory"),
    _("Extraction, flaring and methane; unverified, from memory"),
    _("Production and processing; high end is regasified LNG; unverified, from memory"),
    _("Production and liquefaction; unverified, from memory"),
    _("Oil pipelines low, gas trunk lines high; unverified, from memory"),
    _("ANL refinery model: efficiency 88.6 % of energy, plus crude supply; range unverified"),
    _("ANL refinery model: efficiency 90.9 % of energy, plus crude supply; range unverified"),
    _("ANL refinery model: efficiency 95.3 % of energy, plus crude supply; range unverified"),
    _(
        "Usual literature 0.3 to 0.6; fourteen European datasets differ by 3 and more "
        "(Johnson and Vadenbo 2020)"
    ),
    _("ANL refinery model: efficiency 90.8 % of energy, plus crude supply; range unverified"),
    _("ANL refinery model: efficiency 94.5 % of energy, plus crude supply; range unverified"),
    _("Refinery with process-level allocation; unverified, from memory"),
    _("Steam cracking 1.0 to 2.0; coal to olefins 5 to 11; unverified, from memory"),
    _(
        "Catalytic cracking low, steam cracking and dehydrogenation 1.0 to 2.0, "
        "coal to olefins 5 to 11; unverified"
    ),
    _("Steam cracking with extraction; unverified, from memory"),
    _("Pyrolysis gasoline and reformate routes; unverified, from memory"),
    _("Reformate route; unverified, from memory"),
    _("Gas route 0.5 to 1.2, coal route 2.5 to 3.5 and more; unverified, from memory"),
    _("EU 2025/2621: China 4.36; gas route 1.6 to 2.1, coal route 3 to 4.5"),
    _("EU 2025/2621: China 2.85 above 45 % nitrogen; transitional default 1.90"),
    _("EU 2025/2621: China 26.64; reforming of gas 9 to 12, coal 18 to 27; by-product lower by allocation"),
    _("Steam-cracker ethylene 1.6 to 2.6; coal to olefins 6 to 12; unverified, from memory"),
    _(
        "Cracker propylene 1.2 to 2.6, refinery propylene lower by allocation; "
        "coal to olefins 6 to 12; unverified"
    ),
    _("Ethylene route; unverified, from memory"),
    _("Unverified, from memory"),
    _("Announcement of 2024 footprint factors: nuclear 0.0065, gas 0.4503, coal 0.924"),
    _("JS/T 303-2026 default 0.11 t CO2/GJ; range by fuel and allocation unverified"),
)

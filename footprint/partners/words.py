"""What criteria, gaps and reasons are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from footprint.partners.answers import sentence_of
from footprint.partners.models import PartnerEvent

CRITERIA: dict[str, Text] = {
    "product_ids": _("product"),
    "company_ids": _("company"),
    "classifications": _("classification"),
    "geography": _("place"),
    "within": _("country"),
    "valid_on": _("valid on"),
    "valid_after": _("valid after"),
    "valid_before": _("valid before"),
}
LACKS: dict[str, Text] = {
    "declaredUnitOfMeasurement": _("a unit that PACT knows"),
    "productMassPerDeclaredUnit": _("the mass of one declared unit"),
    "pcfExcludingBiogenicUptake": _("figure by the PACT profile"),
    "pcfIncludingBiogenicUptake": _("figure with biogenic uptake"),
    "fossilGhgEmissions": _("fossil emissions"),
    "fossilCarbonContent": _("carbon fraction of the product"),
    "exemptedEmissionsPercent": _("share of what was left out"),
    "primaryDataShare": _("primary data share"),
}
REASONS_V2: dict[str, Text] = {
    "unit": _("version 2 has no such unit"),
    "negative": _("version 2 has no negative footprint"),
    "standards": _("none of the standards is one of version 2"),
    "reports": _("version 2 knows AR5 and AR6 alone"),
    "cpc": _("version 2 demands a CPC code"),
    "lacking": _("version 3 is not complete"),
}


MENDED_V2: dict[str, Text] = {
    "unit": _("Declare it per kilogram or another unit of version 2; a piece with a mass becomes kilograms."),
    "negative": _("Partners read it in version 3; nothing has to be mended."),
    "standards": _("Calculate it by a profile of ISO 14067, or partners read it in version 3."),
    "reports": _("Calculate it with the GWP of AR5 or AR6."),
    "cpc": _("Give the product a CPC code among its identifiers, or a category that has one."),
    "lacking": _("First complete what the schema demands."),
}
"""What its owner can do about each of ``REASONS_V2``."""
WITHHELD: dict[str, Text] = {
    "not_out": _("It is not published yet."),
    "private": _("It is published for your company alone."),
    "lacking": _("It lacks what the schema demands, so nobody is served."),
    "shut_out": _("This partner is not let in."),
    "not_meant": _("It is meant for listed partners, and this one is not among them."),
    "not_granted": _("No grant opens it to this partner."),
    "": "",
}
"""Why a partner gets nothing of a publication."""

MOST_NAMED = 10


def missing(event: PartnerEvent) -> str:
    """Which footprints that an event names could not be had, and what was answered."""
    told = [f"{one['id']} ({sentence_of(one['told'])})" for one in event.missing or []]
    return ", ".join(told[:MOST_NAMED]) + (" …" if len(told) > MOST_NAMED else "")

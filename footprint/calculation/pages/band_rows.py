"""Figures against their bands as the review room shows them: in words, in numbers and on a strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Text
from accounts.figures import NOTHING, co2e_unit, is_chinese, significant
from accounts.forms import named
from footprint.calculation.bands import Banded, banded
from footprint.inventory.models import FrozenCopy, Submission
from footprint.rules.document.bands import Place
from footprint.rules.document.content import Band, Measured
from footprint.rules.queries import names_in

PLACES: dict[Place, Text] = {
    Place.BELOW: gettext_lazy("Below the plausible range"),
    Place.WITHIN: gettext_lazy("Within the plausible range"),
    Place.ABOVE: gettext_lazy("Above the plausible range"),
}
MARGIN = Decimal("0.12")
"""Of the axis is left free on both sides of what is drawn."""


@dataclass(frozen=True)
class Strip:
    """The band and the own value on an axis of a hundred parts, from the left."""

    low: float
    width: float
    own: float


@dataclass(frozen=True)
class BandRow:
    """One figure or input against one band, in words."""

    banded: Banded
    what: str
    unit: str

    @property
    def place_words(self) -> Text:
        """Where it lies; why nothing is said where nothing can be."""
        if self.banded.band is None:
            return _("Its rule names no range") if self.banded.product.get("category") else _("No category")
        found = self.banded.place
        return PLACES[found] if found else _("Cannot be said in this unit")

    @property
    def tone(self) -> str:
        found = self.banded.place
        if found is None:
            return ""
        return "good" if found is Place.WITHIN else "wait"

    @property
    def is_outside(self) -> bool:
        """Whether a reviewer should ask."""
        return self.banded.place in (Place.BELOW, Place.ABOVE)

    @property
    def range_text(self) -> str:
        """From and to, an open end as it is."""
        band = self.banded.band
        if band is None:
            return NOTHING
        low = "0" if band.low is None else significant(band.low)
        return f"{low}–{'∞' if band.high is None else significant(band.high)}"

    @property
    def strip(self) -> Strip | None:
        """What is drawn; nothing where there is no value or no band."""
        band, value = self.banded.band, self.banded.value
        return None if band is None or value is None else _strip(band, value)

    @property
    def line(self) -> str:
        """The line to look at."""
        return self.banded.lines[0] if self.banded.lines else ""


def band_rows(actor: Actor, submission: Submission, copy: FrozenCopy) -> list[BandRow]:
    """Every product and weighed input of a copy, what lies outside first."""
    names = names_in(actor, is_chinese(get_language() or "zh-hans"))
    rows = []
    for each in banded(actor, submission, copy):
        band = each.band
        if band is None or band.measured is Measured.FOOTPRINT:
            unit = co2e_unit(each.per or each.product["unit"])
            rows.append(BandRow(each, _("Footprint"), unit))
        else:
            what = _("Input of %(category)s") % {"category": names.category(band.category)}
            rows.append(BandRow(each, what, f"{band.unit} / {each.per}"))
    return sorted(rows, key=lambda row: (not row.is_outside, row.banded.band is None))


def outside_by_line(rows: Sequence[BandRow]) -> dict[str, Text]:
    """Of each line that something outside its band was measured from: where that lies."""
    return {line: row.place_words for row in reversed(rows) if row.is_outside for line in row.banded.lines}


def source_of(row: BandRow) -> str:
    """The document a band rests on."""
    source = row.banded.source
    return named({"name_zh": source.zh, "name_en": source.en}) if source else NOTHING


def _strip(band: Band, value: Decimal) -> Strip:
    low = min(Decimal(0), value) if band.low is None else band.low
    high = max(value, low) + abs(value) / 2 if band.high is None else band.high
    first, last = min(low, value), max(high, value)
    margin = (last - first) * MARGIN or Decimal(1)
    start = first - margin if first < 0 or first - margin > 0 else min(first, Decimal(0))
    whole = last + margin - start
    at = [float(100 * (each - start) / whole) for each in (low, high, value)]
    return Strip(low=round(at[0], 2), width=round(at[1] - at[0], 2), own=round(at[2], 2))

"""The parameters of a method profile as people read them: their names, their order, their values in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.errors import Text
from footprint.rules.models import MethodProfileVersion
from footprint.rules.models.profile import Output, Step

NOTHING = "—"


@dataclass(frozen=True)
class Parameter:
    """One line of a comparison: ``fields`` are the columns of a version it is worded from."""

    fields: tuple[str, ...]
    label: Text
    shown: Callable[[MethodProfileVersion], str]

    def is_verified(self, version: MethodProfileVersion) -> bool:
        """Whether everything said here was compared with its source."""
        return all(fact["verified"] for fact in self._facts(version))

    def source(self, version: MethodProfileVersion) -> str:
        """Where it was read; nothing where the source is silent."""
        return next((fact["source"] for fact in self._facts(version)), "")

    def _facts(self, version: MethodProfileVersion) -> list[dict[str, Any]]:
        return [version.facts[name] for name in self.fields if name in version.facts]


@dataclass(frozen=True)
class Cell:
    """What one profile says about one parameter."""

    text: str
    source: str
    is_verified: bool

    @property
    def is_doubtful(self) -> bool:
        """Said, but not yet compared with the text it comes from."""
        return bool(self.source) and not self.is_verified


@dataclass(frozen=True)
class Compared:
    """One parameter across profiles."""

    label: Text
    cells: list[Cell]


def compare(versions: Sequence[MethodProfileVersion]) -> list[Compared]:
    """Every parameter, side by side in the order of the versions."""
    return [
        Compared(
            each.label,
            [Cell(each.shown(one), each.source(one), each.is_verified(one)) for one in versions],
        )
        for each in PARAMETERS
    ]


def _choice(field: str) -> Callable[[MethodProfileVersion], str]:
    return lambda version: str(getattr(version, f"get_{field}_display")())


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"


def _gwp(version: MethodProfileVersion) -> str:
    return _("%(set)s, %(years)d years") % {"set": version.gwp_set, "years": version.gwp_horizon}


def _cut_off(version: MethodProfileVersion) -> str:
    parts = [version.get_cut_off_display()]
    if version.cut_off_per_flow is not None:
        parts.append(_("%(share)s per flow") % {"share": _percent(version.cut_off_per_flow)})
    if version.cut_off_total:
        parts.append(_("%(share)s in total") % {"share": _percent(version.cut_off_total)})
    return " · ".join(map(str, parts))


def _allocation(version: MethodProfileVersion) -> str:
    text = " → ".join(str(Step(step).label) for step in version.allocation_tree)
    if version.allocation_price_ratio is None:
        return text
    return f"{text} ({_('ratio')} > {version.allocation_price_ratio.normalize():f})"


def _validity(version: MethodProfileVersion) -> str:
    months = version.validity_months
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months} if months else NOTHING


def _trigger(version: MethodProfileVersion) -> str:
    if version.recalculation_trigger is None:
        return NOTHING
    sign = "≥" if version.recalculation_at_trigger else ">"
    return f"{sign} {_percent(version.recalculation_trigger)}"


def _data_age(version: MethodProfileVersion) -> str:
    years = version.data_age_max_years
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years} if years else NOTHING


def _rounding(version: MethodProfileVersion) -> str:
    digits = version.significant_digits
    if not digits:
        return NOTHING
    return ngettext("%(count)d significant digit", "%(count)d significant digits", digits) % {"count": digits}


def _outputs(version: MethodProfileVersion) -> str:
    return " · ".join(str(Output(output).label) for output in version.required_outputs)


PARAMETERS = (
    Parameter(("gwp_set", "gwp_horizon"), gettext_lazy("GWP values"), _gwp),
    Parameter(("boundary",), gettext_lazy("System boundary"), _choice("boundary")),
    Parameter(("cut_off", "cut_off_per_flow", "cut_off_total"), gettext_lazy("Cut-off"), _cut_off),
    Parameter(("allocation_tree", "allocation_price_ratio"), gettext_lazy("Allocation"), _allocation),
    Parameter(("substitution",), gettext_lazy("Substitution permitted"), _choice("substitution")),
    Parameter(("recycling",), gettext_lazy("Recycling"), _choice("recycling")),
    Parameter(("waste",), gettext_lazy("Waste"), _choice("waste")),
    Parameter(("biogenic",), gettext_lazy("Biogenic carbon"), _choice("biogenic")),
    Parameter(("electricity",), gettext_lazy("Electricity"), _choice("electricity")),
    Parameter(("ccs",), gettext_lazy("Carbon capture and storage"), _choice("ccs")),
    Parameter(("ccu",), gettext_lazy("Carbon capture and use"), _choice("ccu")),
    Parameter(("validity_months",), gettext_lazy("Valid for"), _validity),
    Parameter(
        ("recalculation_trigger", "recalculation_at_trigger"),
        gettext_lazy("Recalculated when it moves by"),
        _trigger,
    ),
    Parameter(("data_age_max_years",), gettext_lazy("Oldest data"), _data_age),
    Parameter(("quality_scheme",), gettext_lazy("Data quality"), _choice("quality_scheme")),
    Parameter(("significant_digits",), gettext_lazy("Rounding"), _rounding),
    Parameter(("required_outputs",), gettext_lazy("Required outputs"), _outputs),
)

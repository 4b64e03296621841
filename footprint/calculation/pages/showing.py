"""What the product page shows of a figure: the hero, its chart, its inputs, its gases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import figures as numbers
from accounts.actor import Actor
from accounts.charts import ContributionChart
from accounts.charts import Part as Bar
from accounts.errors import Text
from accounts.forms import languages, named
from factors import queries as factor_queries
from factors.geographies import place_name
from factors.models import Factor
from factors.origins import CO2E, ORIGIN_LABELS, Origin, gwp
from footprint.calculation import queries
from footprint.calculation.models import Footprint
from footprint.calculation.queries import Part, ProductFigure
from footprint.inventory.lines import line_name as line_name
from footprint.inventory.models import Exchange, Product
from footprint.inventory.queries import lines

GWP_SETS = ("AR6", "AR5")
GROUP_OF_KIND = {
    Factor.Kind.ELECTRICITY: "energy",
    Factor.Kind.FUEL: "energy",
    Factor.Kind.HEAT: "energy",
    Factor.Kind.FREIGHT: "transport",
}


@dataclass(frozen=True)
class Asked:
    """What of a product's figures the person looks at."""

    product: Product
    gwp: str
    year: int | None
    figures: Sequence[ProductFigure]
    is_own: bool

    @property
    def figure(self) -> ProductFigure | None:
        """The figure of the year asked for, else the latest."""
        wanted = [f for f in self.figures if self.year is None or f.year == self.year]
        return wanted[0] if wanted else None

    @property
    def previous(self) -> ProductFigure | None:
        """The figure of the year before."""
        if self.figure is None:
            return None
        return next((f for f in self.figures if f.year == self.figure.year - 1), None)

    @property
    def unit(self) -> str:
        """The figure's unit."""
        return numbers.co2e_unit(self.product.unit)

    @property
    def change(self) -> float | None:
        """The relative change since the year before."""
        now = self.figure.value(self.gwp) if self.figure else None
        then = self.previous.value(self.gwp) if self.previous else None
        return None if now is None or not then else now / then - 1

    @property
    def query(self) -> str:
        """The query string that shows the same again."""
        year = f"&year={self.year}" if self.year is not None else ""
        return f"gwp={self.gwp}{year}"

    @property
    def main(self) -> Footprint | None:
        """Of several processes that make the product, the one that makes the most."""
        return max(self.figure.footprints, key=lambda f: f.production) if self.figure else None


def asked(actor: Actor, product: Product, query: Any) -> Asked:
    """The product with its figures, as the query string wants them shown."""
    chosen = query.get("gwp", "")
    year = query.get("year", "")
    return Asked(
        product=product,
        gwp=chosen if chosen in GWP_SETS else GWP_SETS[0],
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        figures=queries.product_figures(actor, [product.pk]).get(product.pk, []),
        is_own=product.company_id in actor.company_ids,
    )


@dataclass(frozen=True)
class InputRow:
    """A line of the process with what it brings to one unit of the product; a cut-off brings nothing."""

    line: Exchange
    value: float | None
    share: float | None
    href: str
    source: str

    @property
    def is_cut_off(self) -> bool:
        """Whether a product comes in without a provider."""
        return not self.source and self.line.kind != Exchange.Kind.ELEMENTARY


@dataclass(frozen=True)
class Evidence:
    """What a figure is made of."""

    chart: ContributionChart
    inputs: list[InputRow]
    own_emissions: float
    gases: list[dict[str, Any]]


def evidence(actor: Actor, shown: Asked, footprint: Footprint) -> Evidence | None:
    """The parts of one process's figure, or None where there are none (a partner's, a failed one)."""
    parts = queries.contributions(actor, footprint, shown.gwp)
    total = footprint.kg_co2e_ar5 if shown.gwp == "AR5" else footprint.kg_co2e_ar6
    if not parts or total is None:
        return None
    values = {part.exchange.pk: part.value(shown.gwp) for part in parts if part.exchange}
    table = lines(actor).filter(process_id=footprint.process_id)
    rows = [_input(line, values.get(line.pk), total) for line in table if _comes_in(line)]
    return Evidence(
        chart=_chart(shown, footprint, parts, total),
        inputs=sorted(rows, key=lambda row: -abs(row.value or 0.0)),
        own_emissions=sum(part.value(shown.gwp) for part in parts if part.exchange is None),
        gases=_gases(actor, footprint, shown.gwp),
    )


def _comes_in(line: Exchange) -> bool:
    if line.kind == Exchange.Kind.ELEMENTARY:
        return line.factor_version_id is not None
    return line.direction == Exchange.Direction.INPUT or line.is_avoided or line.kind == Exchange.Kind.WASTE


def _input(line: Exchange, value: float | None, total: float) -> InputRow:
    href, source = provider_link(line)
    share = value / total if value is not None and total else None
    return InputRow(line, value, share, href, source)


def provider_link(line: Exchange) -> tuple[str, str]:
    """Where a line's provider is shown, and what it is called."""
    if line.provider_product:
        owner = named(line.provider_product.company)
        href = reverse("inventory:product", args=[line.provider_product.uuid])
        return href, f"{named(line.provider_product)} · {owner}"
    if line.provider_process and line.product:
        return reverse("inventory:product", args=[line.product.uuid]), named(line.provider_process)
    if line.factor_version:
        version = line.factor_version
        href = f"{reverse('factors:factor', args=[version.factor.uuid])}?version={version.number}"
        place = place_name(version.geography, languages())
        which = _("version %(number)s") % {"number": version.number}
        return href, f"{named(version.factor)} · {place} {version.reference_year} · {which}"
    return "", ""


def failure(footprint: Footprint, actor: Actor) -> tuple[Text, Exchange | None]:
    """Why there is no figure, and the own line that is at fault, if one is."""
    at_fault = footprint.error.get("exchange")
    line = lines(actor).filter(pk=at_fault).first() if at_fault else None
    return queries.failure_text(footprint), line


def _chart(shown: Asked, footprint: Footprint, parts: Sequence[Part], total: float) -> ContributionChart:
    origin = _("Run %(run)s · engine %(engine)s · %(gwp)s, 100 years") % {
        "run": str(footprint.run.uuid)[:8],
        "engine": footprint.run.engine_version,
        "gwp": shown.gwp,
    }
    return ContributionChart(
        id="contributions",
        title=_("What %(product)s is made of") % {"product": named(shown.product)},
        unit=shown.unit,
        boundary=_("Cradle to gate"),
        period=str(footprint.year),
        origin=origin,
        total=total,
        parts=[_bar(part, shown.gwp) for part in parts],
    )


def _bar(part: Part, gwp_set: str) -> Bar:
    line = part.exchange
    if line is None:
        return Bar(_("Own direct emissions"), part.value(gwp_set), "fossil")
    label = line_name(line)
    if line.is_avoided:
        label = _("%(product)s, avoided") % {"product": label}
    return Bar(label, part.value(gwp_set), _group(line), provider_link(line)[0])


def _group(line: Exchange) -> str:
    if line.is_avoided:
        return "rest"
    if line.provider_process_id:
        return "process"
    if line.factor_version:
        return GROUP_OF_KIND.get(Factor.Kind(line.factor_version.factor.kind), "purchased")
    return "purchased"


def _gases(actor: Actor, footprint: Footprint, gwp_set: str) -> list[dict[str, Any]]:
    """Each gas with its kg and, where the set knows it, its kg CO2e; a total in CO2e weighs what it says."""
    values = factor_queries.characterization(actor, gwp_set)
    index = 0 if numbers.is_chinese(languages()) else 1
    rows = []
    for row in queries.gases(actor, footprint):
        known = row["origin"] in list(Origin)
        is_total = row["gas"] == CO2E
        value = Decimal(1) if is_total else gwp(values, row["gas"], row["origin"]) if known else None
        rows.append(
            {
                "gas": row["gas"],
                "is_total": is_total,
                "origin": ORIGIN_LABELS[Origin(row["origin"])][index] if known else row["origin"],
                "kg": row["kg"],
                "co2e": row["kg"] * float(value) if value is not None else None,
            }
        )
    return sorted(rows, key=lambda row: -abs(row["co2e"] or 0.0))

"""What plants entered, against the product category rules: rows made into what the rules are asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import isfinite

from django.db.models import QuerySet, prefetch_related_objects

from accounts.actor import Actor
from accounts.models import Company
from factors.models import FactorVersion
from footprint.analysis.site_balance import ProcessBalance, SiteBalance, balance_of, limits_for
from footprint.analysis.streams import streams_of
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import figure_per, in_unit
from footprint.engine.closure import BASES
from footprint.inventory.line_categories import categories_of_providers, category_of
from footprint.inventory.models import AllocationShare, Exchange, Inventory, OutputPrice, Product, UnitProcess
from footprint.inventory.possible_methods import possible_methods
from footprint.inventory.providers import MAKES, makes
from footprint.inventory.queries import inventory_lines
from footprint.inventory.stages import stage_of
from footprint.rules.document.checking import (
    Coproduct,
    Finding,
    Line,
    Outcome,
    Subject,
    Verdict,
    check,
    findings,
)
from footprint.rules.document.content import Balance, Direction, Measured, Method, RuleDocument, Stage
from footprint.rules.models import ProductRule
from footprint.rules.queries import applicable_rules


@dataclass(frozen=True)
class Conformity:
    """A product of one process against its rule; a draft is asked on trial and refuses nothing."""

    product: Product
    process: UnitProcess
    rule: ProductRule
    is_trial: bool
    outcomes: Sequence[Outcome]
    lines: Mapping[str, Exchange]

    @cached_property
    def findings(self) -> list[Finding]:
        """What breaks a rule, the worst first."""
        return findings(self.outcomes)

    def count(self, verdict: Verdict) -> int:
        """How many rules came out so."""
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def passes(self) -> bool:
        """Whether no rule is broken."""
        return not self.count(Verdict.BROKEN)


@dataclass(frozen=True)
class Ground:
    """One inventory's rows, read once for all its products."""

    inventory: Inventory
    rows: Mapping[int, Sequence[Exchange]]
    categories: Mapping[int, str]
    shares: Mapping[int, Sequence[AllocationShare]]
    priced: frozenset[int]
    figures: Mapping[tuple[int, int], Footprint]
    balance: SiteBalance

    @cached_property
    def balances(self) -> Mapping[int, ProcessBalance]:
        """The balance of each process."""
        return {each.process.pk: each for each in self.balance.processes if each.process}

    @cached_property
    def limits(self) -> Mapping[Balance, tuple[float, float]]:
        """The platform's thresholds, amber before red."""
        amber, red = self.balance.limits.amber, self.balance.limits.red
        return {Balance(basis): (amber[at], red[at]) for at, basis in enumerate(BASES)}


def conformity_of(
    actor: Actor, inventory: Inventory, rules: Mapping[int, ProductRule], on: date
) -> list[Conformity]:
    """Every product of an inventory that a rule is about, in the order of its processes."""
    return conformity_on(ground_of(actor, inventory), rules, on)


def conformity_on(ground: Ground, rules: Mapping[int, ProductRule], on: date) -> list[Conformity]:
    """As ``conformity_of``, of rows that are read already."""
    made = [line for rows in ground.rows.values() for line in _made(rows)]
    about = {line.product.category_id for line in made if line.product}
    documents = {category: rule.content for category, rule in rules.items() if category in about}
    by_key = {str(each.uuid): each for rows in ground.rows.values() for each in rows}
    told = _told(ground, documents.values()) if documents else {}
    found = []
    for line in made:
        category = line.product.category_id if line.product else None
        if line.product is None or category is None or category not in documents:
            continue
        outcomes = check(documents[category], _subject(ground, line, documents[category], told))
        rule = rules[category]
        found.append(Conformity(line.product, line.process, rule, not rule.is_in_force(on), outcomes, by_key))
    return found


def ground_of(actor: Actor, inventory: Inventory) -> Ground:
    """The rows of an own inventory and what follows from them; a fixed number of queries."""
    found = inventory_lines(actor, inventory)
    prefetch_related_objects(found, "product__category")
    of_providers = categories_of_providers(found)
    rows: dict[int, list[Exchange]] = defaultdict(list)
    for line in found:
        rows[line.process_id].append(line)
    shares: dict[int, list[AllocationShare]] = defaultdict(list)
    for share in AllocationShare.objects.filter(process_id__in=rows):
        shares[share.process_id].append(share)
    computed = Footprint.objects.visible_to(actor).filter(inventory=inventory, state=Footprint.State.CURRENT)
    return Ground(
        inventory=inventory,
        rows=rows,
        categories={line.pk: category_of(line, of_providers) for line in found},
        shares=shares,
        priced=frozenset(
            OutputPrice.objects.filter(exchange__process_id__in=rows).values_list("exchange_id", flat=True)
        ),
        figures={(each.process_id, each.product_id): each for each in computed},
        balance=balance_of(streams_of(actor, inventory, found), limits_for(actor, inventory.period_end)),
    )


def _made(rows: Iterable[Exchange]) -> list[Exchange]:
    return [line for line in rows if line.product and makes(line)]


def _told(ground: Ground, documents: Iterable[RuleDocument]) -> dict[int, Line]:
    """Every row as rules are asked about it, in all units they weigh inputs in, seen from no process."""
    weighed = {
        band.unit for document in documents for band in document.bands if band.measured is Measured.INPUT
    }
    return {
        each.pk: _line(each, ground.categories[each.pk], weighed)
        for rows in ground.rows.values()
        for each in rows
    }


def _subject(ground: Ground, line: Exchange, document: RuleDocument, told: Mapping[int, Line]) -> Subject:
    assert line.product is not None
    process, beside = (
        line.process,
        [each for each in _made(ground.rows[line.process_id]) if each.product_id != line.product_id],
    )
    return Subject(
        year=ground.inventory.year,
        method=process.allocation_method,
        made=_amount(line, document.unit),
        own_methods=_methods(ground, line),
        coproducts=[Coproduct(ground.categories[each.pk], _methods(ground, each)) for each in beside],
        lines=[
            replace(told[each.pk], in_process=True) if each.process_id == process.pk else told[each.pk]
            for rows in ground.rows.values()
            for each in rows
            if each.pk != line.pk
        ],
        footprint=_footprint(ground, line, document.unit),
        gaps=_gaps(ground.balances.get(process.pk)),
        limits=ground.limits,
    )


def _methods(ground: Ground, line: Exchange) -> frozenset[Method]:
    shares = ground.shares.get(line.process_id, ())
    return possible_methods(line, has_price=line.pk in ground.priced, shares=shares)


def _thing(product: Product) -> Thing:
    return Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit)


def _amount(line: Exchange, unit: str) -> Decimal | None:
    """So much of the line in a unit; unknown where nothing says how."""
    try:
        return in_unit(line.amount, line.unit, unit, _thing(line.product) if line.product else None)
    except Fault:
        return None


def _line(line: Exchange, category: str, weighed: Iterable[str]) -> Line:
    version = line.factor_version
    amounts = {unit: _amount(line, unit) for unit in weighed}
    return Line(
        key=str(line.uuid),
        direction=Direction(line.direction),
        kind=line.kind,
        in_process=False,
        category=category,
        stage=Stage(stage_of(line)),
        factor_kind=version.factor.kind if version else "",
        factor_year=version.reference_year if version else None,
        only_gases=frozenset({"CO2"}) if version and version.scope == FactorVersion.Scope.CO2 else None,
        gas=line.gas,
        is_avoided=line.is_avoided,
        has_provider=bool(line.provider_process_id or line.provider_product_id or version),
        data_type=line.data_type,
        technology=line.dqr_technology,
        time=line.dqr_time,
        geography=line.dqr_geography,
        mass_kg=_amount(line, "kg") if line.product else None,
        amounts={unit: amount for unit, amount in amounts.items() if amount is not None},
    )


def _footprint(ground: Ground, line: Exchange, unit: str) -> Decimal | None:
    """kg CO2e per unit of the rule."""
    figure = ground.figures.get((line.process_id, line.product_id or 0))
    if figure is None or figure.kg_co2e_ar6 is None or line.product is None:
        return None
    try:
        return figure_per(Decimal(str(figure.kg_co2e_ar6)), figure.unit, unit, _thing(line.product))
    except Fault:
        return None


def _gaps(found: ProcessBalance | None) -> dict[Balance, float]:
    """Of the balances that can be assessed."""
    if found is None:
        return {}
    known = [each for each in found.bases if each.is_assessed and each.is_there and isfinite(each.gap)]
    return {Balance(each.basis): each.gap for each in known}


def own_inventories(actor: Actor, company: Company | None = None) -> QuerySet[Inventory]:
    """Own inventories with products that a rule may be about, the latest first."""
    made = Exchange.objects.visible_to(actor).filter(MAKES, product__category__isnull=False)
    found = Inventory.objects.visible_to(actor).filter(pk__in=made.values("process__inventory_id"))
    if company is not None:
        found = found.filter(company=company)
    return found.select_related("site__company", "company").order_by("-period_end", "site__code", "pk")


def conformity_of_product(actor: Actor, product: Product, on: date) -> list[Conformity]:
    """An own product in its latest inventory, at every process that makes it there."""
    made = Exchange.objects.visible_to(actor).filter(MAKES, product=product)
    latest = (
        Inventory.objects.visible_to(actor)
        .filter(pk__in=made.values("process__inventory_id"))
        .select_related("site__company", "company")
        .order_by("-period_end", "pk")
        .first()
    )
    rules = {key: rule for key, rule in applicable_rules(actor, on).items() if key == product.category_id}
    if latest is None or not rules:
        return []
    found = conformity_of(actor, latest, rules, on)
    return [each for each in found if each.product.pk == product.pk]


def conformity_of_process(actor: Actor, process: UnitProcess, on: date) -> list[Conformity]:
    """Every product of one process."""
    found = conformity_of(actor, process.inventory, applicable_rules(actor, on), on)
    return [each for each in found if each.process.pk == process.pk]

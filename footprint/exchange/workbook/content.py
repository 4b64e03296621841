"""What an inventory puts into its workbook: its lines, last period's values, and what may be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import long_date
from accounts.figures import name as name_of
from accounts.templatetags.figures import translated
from factors import queries as factor_queries
from factors import units
from factors.models import FactorVersion, GreenhouseGas
from factors.units import Dimension
from footprint.exchange.workbook import layout, numerals
from footprint.exchange.workbook.cells import Values, plain, prints, text_of
from footprint.exchange.workbook.compare import Present
from footprint.exchange.workbook.layout import BY_KEY, COLUMNS, FIRST_ROW, SEPARATOR, Sort
from footprint.exchange.workbook.sentences import HELP, STEPS, WARNING
from footprint.exchange.workbook.writing import Book, BookRow
from footprint.inventory import queries
from footprint.inventory.earlier import Earlier, earlier_lines, period_before
from footprint.inventory.models import SCORES, Exchange, Inventory, Product, ProductGrant, UnitProcess
from footprint.inventory.providers import nature

NUMBERS = ("amount", "gsd2", "exempted_kg_co2e", *SCORES)
WORDS = ("direction", "kind", "gas", "flow_name", "unit", "data_type", "comment", "compartment", "stage")


def lines_of(actor: Actor, inventory: Inventory) -> list[Exchange]:
    """The lines in the order of the sheet."""
    found = queries.inventory_lines(actor, inventory)
    return sorted(found, key=lambda line: (line.process.code, line.process_id, line.position, line.pk))


def present(lines: Iterable[Exchange]) -> dict[str, Present]:
    """The lines as they are now, by key, as values of cells."""
    return {str(line.uuid): Present(line.version, values_of(line)) for line in lines}


def values_of(line: Exchange) -> dict[str, str]:
    """A line as values of cells."""
    found = {key: plain(str(getattr(line, key)))[: layout.LONGEST] for key in WORDS}
    found |= {key: _number(getattr(line, key)) for key in NUMBERS}
    found["process"] = plain(line.process.code)
    found["product"] = plain(line.product.code) if line.product else ""
    found["origin"] = line.origin if line.kind == Exchange.Kind.ELEMENTARY else ""
    found["provider"] = provider_value(line)
    found["is_reference"] = "yes" if line.is_reference else ""
    found["is_avoided"] = "yes" if line.is_avoided else ""
    return found


def provider_value(line: Exchange) -> str:
    """What provides a line, as a value."""
    if line.provider_process:
        return process_value(line.provider_process)
    if line.provider_product:
        return product_value(line.provider_product, line.company_id)
    return factor_value(line.factor_version) if line.factor_version else ""


def process_value(process: UnitProcess) -> str:
    """A process of the same inventory as a provider."""
    return " ".join(f"process {process.code}".split())


def product_value(product: Product, own_company_id: int) -> str:
    """A product as a provider; a partner's with its maker."""
    owner = "" if product.company_id == own_company_id else f" @{product.company.code}"
    return " ".join(f"product {product.code}{owner}".split())


def factor_value(version: FactorVersion) -> str:
    """A version of a factor as a provider."""
    return f"factor {version.factor.code} v{version.number}"


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else numerals.shown(Decimal(value))


@dataclass(frozen=True)
class Offered:
    """What may be chosen as product and provider, by its value."""

    products: Mapping[str, Product]
    providers: Mapping[str, UnitProcess | Product | FactorVersion]


def offered(actor: Actor, inventory: Inventory) -> Offered:
    """Everything that a line of this inventory can name."""
    company = inventory.company_id
    own = list(Product.objects.own(actor).filter(company_id=company).select_related("company"))
    granted = ProductGrant.objects.in_force().filter(recipient_id=company)
    opened = Product.objects.visible_to(actor).filter(pk__in=granted.values("product_id"))
    made = set(queries.made_anywhere(actor, company))
    providers: dict[str, UnitProcess | Product | FactorVersion] = {
        process_value(each): each for each in queries.processes(actor, [inventory.pk])
    }
    several = [*(each for each in own if each.pk in made), *opened.select_related("company")]
    providers |= {product_value(each, company): each for each in several}
    providers |= {factor_value(each): each for each in factor_queries.factors_for(actor)}
    return Offered({plain(each.code): each for each in own}, providers)


def handed_out(actor: Actor, inventory: Inventory, language: str, *, by: str = "") -> Book:
    """The workbook of an inventory as it is now."""
    lines = lines_of(actor, inventory)
    before = period_before(actor, inventory)
    earlier = earlier_lines(actor, before, lines) if before else {}
    ghosts = {line.pk: _ghost(earlier[line.pk], line) for line in lines if line.pk in earlier}
    with translation.override(language):
        book = _Maker(actor, inventory, language)
        rows = [
            BookRow(
                number,
                key=str(line.uuid),
                version=str(line.version),
                base=prints(values),
                cells=book.cells(line, values, ghosts.get(line.pk)),
                units=book.units_for(line),
            )
            for number, line in zip(count(FIRST_ROW), lines, strict=False)
            for values in [values_of(line)]
        ]
        return book.whole(rows, by)


def blank(actor: Actor, inventory: Inventory, language: str, rows: list[BookRow]) -> Book:
    """The workbook of an inventory with the rows that somebody filled in."""
    with translation.override(language):
        return _Maker(actor, inventory, language).whole(rows, "")


class _Maker:
    """Puts together one workbook in one language."""

    def __init__(self, actor: Actor, inventory: Inventory, language: str) -> None:
        self.actor, self.inventory, self.language = actor, inventory, language
        self.offered = offered(actor, inventory)
        self.unit_lists: dict[tuple[Dimension, ...], str] = {}

    def cells(self, line: Exchange, values: Values, ghost: str | Decimal | None) -> dict[str, str | float]:
        """The cells of a line as people read them."""
        found: dict[str, str | float] = {
            column.key: self.cell(column, values[column.key]) for column in COLUMNS if values[column.key]
        }
        found["process"] = self._named(values["process"], line.process)
        if line.product:
            found["product"] = self._named(values["product"], line.product)
        if values["provider"]:
            found["provider"] = self._named(
                str(found["provider"]),
                line.provider_process or line.provider_product or _factor_of(line),
            )
        if ghost is not None:
            found[layout.PREVIOUS] = ghost if isinstance(ghost, str) else float(ghost)
        return found

    def cell(self, column: layout.Column, value: str) -> str | float:
        """One value as its cell holds it."""
        if column.sort is Sort.NUMBER:
            return float(value)
        return text_of(column, value, self.language)

    def units_for(self, line: Exchange) -> str:
        """The name of the list of units that suit what flows in the line."""
        dimensions = nature(line.product).dimensions if line.product else {units.dimension(line.unit)}
        key = tuple(sorted(dimensions))
        return self.unit_lists.setdefault(key, f"unit_{len(self.unit_lists) + 1}")

    def whole(self, rows: list[BookRow], by: str) -> Book:
        """The workbook around these rows."""
        inventory = self.inventory
        processes = list(queries.processes(self.actor, [inventory.pk]))
        period = (long_date(day, self.language) for day in (inventory.period_start, inventory.period_end))
        facts = [
            (_("Company"), self._name(inventory.company)),
            (_("Site"), self._name(inventory.site)),
            (_("Period"), " – ".join(period)),
            (_("Lines"), f"{len(rows):,}"),
            *([(_("Generated for"), by)] if by else []),
        ]
        return Book(
            language=self.language,
            heading=_("Inventory %(site)s") % {"site": self._name(inventory.site)},
            facts=facts,
            steps=[str(step) for step in STEPS],
            help={key: str(words) for key, words in HELP.items()},
            warning=str(WARNING),
            inventory=str(inventory.uuid),
            rows=rows,
            processes=self._process_rows(processes),
            lists=self._lists(processes),
        )

    def _lists(self, processes: list[UnitProcess]) -> dict[str, list[str]]:
        language = self.language
        place = 1 if layout.is_chinese(language) else 2
        chosen = {
            column.key: [choice[place] for choice in column.choices]
            for column in (*COLUMNS, layout.REMOVING)
            if column.choices
        }
        by_dimension = {
            name: [units.display(unit.code) for unit in units.UNITS if unit.dimension in key]
            for key, name in self.unit_lists.items()
        }
        providers = (
            self._named(text_of(BY_KEY["provider"], value, language), _thing(each))
            for value, each in self.offered.providers.items()
        )
        return {
            **chosen,
            "process": [self._named(each.code, each) for each in processes],
            "product": sorted(self._named(code, each) for code, each in self.offered.products.items()),
            "gas": list(GreenhouseGas.objects.order_by("code").values_list("code", flat=True)),
            "provider": list(providers),
            "unit": [units.display(unit.code) for unit in units.UNITS],
            **by_dimension,
        }

    def _process_rows(self, processes: list[UnitProcess]) -> list[list[str]]:
        heads = [_("Code"), _("Chinese name"), _("English name"), _("Technology"), _("Allocation")]
        return [
            heads,
            *(
                [
                    each.code,
                    each.name_zh,
                    each.name_en,
                    translated(each.technology),
                    each.get_allocation_method_display(),
                ]
                for each in processes
            ),
        ]

    def _named(self, code: str, thing: object) -> str:
        name = plain(self._name(thing)).replace("\n", " ")
        return f"{code}{SEPARATOR}{name}" if name and name != code.rpartition(" ")[2] else code

    def _name(self, thing: object) -> str:
        return name_of(thing, self.language)


def _factor_of(line: Exchange) -> object:
    return line.factor_version.factor if line.factor_version else None


def _thing(provider: UnitProcess | Product | FactorVersion) -> object:
    return provider.factor if isinstance(provider, FactorVersion) else provider


def _ghost(earlier: Earlier, line: Exchange) -> str | Decimal:
    """What the line was before: a number in its unit of now, else with the unit of then."""
    if earlier.unit == line.unit:
        return earlier.amount
    return f"{numerals.shown(earlier.amount)} {units.display(earlier.unit)}"

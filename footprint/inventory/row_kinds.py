"""Rows by which another system tells of lines: activity data, production volumes, bills of material.

Each kind has fields of its own; all of them become lines. A row finds its line by the company's external key,
or by what it is about: a volume by process and product, an item of a bill by process and what it takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.arrays import among_texts
from accounts.errors import Refusal
from factors import units
from footprint.inventory import lines, measures
from footprint.inventory.loaded import Loaded
from footprint.inventory.models import SCORES, Exchange, Inventory, Product, UnitProcess
from footprint.inventory.providers import makes

KEY_LENGTH = 120
QUALITY = ("data_type", "stage", "gsd2", *SCORES, "comment")
LEFT_OUT = "exempted_kg_co2e"
PROVIDERS = ("provider_process", "provider_product", "factor_version")
ACTIVITY = ("process", *lines.FIELDS)
VOLUME = (
    "external_id", "process", "product", "amount", "unit", "is_reference", *QUALITY, "allocation_basis",
    "allocation_basis_unit", "carrier", "reference_efficiency", "heat_celsius",
)  # fmt: skip
ITEM = ("external_id", "process", "product", "quantity", "unit", "per_unit", *PROVIDERS, *QUALITY, LEFT_OUT)

Pair = tuple[int, int, bool]
"""A process, a product, and whether the one makes the other or takes it."""


@dataclass(frozen=True)
class Wanted:
    """One row understood: the line it changes, or the process it adds one to, and what it says of it."""

    key: str
    process: UnitProcess
    line: Exchange | None
    given: dict[str, Any]


class Kind(Protocol):
    """How rows of one kind become lines."""

    fields: tuple[str, ...]
    known: Known

    def read(self, row: Mapping[str, Any]) -> Wanted:
        """The row understood. Raises Refusal."""


@dataclass
class Known:
    """What was read for all rows, and the lines they may be about."""

    loaded: Loaded
    by_key: dict[str, Exchange] = field(default_factory=dict)
    about: dict[Pair, dict[UUID, Exchange]] = field(default_factory=lambda: defaultdict(dict))
    unkeyed: dict[Pair, dict[UUID, Exchange]] = field(default_factory=lambda: defaultdict(dict))
    """Those of ``about`` that have no external key yet."""
    pairs: dict[UUID, Pair] = field(default_factory=dict)

    def keyed(self, key: str) -> Exchange | None:
        """The line of an external key. Raises Refusal."""
        line = self.by_key.get(key)
        if line is not None and line.process.inventory_id != self.loaded.inventory.pk:
            message = _("This external key belongs to a line of another inventory. Choose another key.")
            raise Refusal(message, field="external_id", code="other_inventory")
        return line

    def note(self, line: Exchange) -> None:
        """The line will be stored as it is: further rows may mean it."""
        if line.external_id:
            self.by_key[line.external_id] = line
        if before := self.pairs.pop(line.uuid, None):
            self.about[before].pop(line.uuid)
            self.unkeyed[before].pop(line.uuid, None)
        if pair := _pair(line):
            self.pairs[line.uuid] = pair
            self.about[pair][line.uuid] = line
            if not line.external_id:
                self.unkeyed[pair][line.uuid] = line

    def one(self, process: UnitProcess, product: Product, key: str, *, is_made: bool) -> Exchange | None:
        """The one line of a process about a product; for a new key one that has none. Raises Refusal."""
        found = (self.unkeyed if key else self.about)[process.pk, product.pk, is_made]
        if len(found) > 1:
            message = _(
                "%(count)d lines of this process are about this product. Name one by its external key."
            )
            raise Refusal(message % {"count": len(found)}, field="external_id", code="several_lines")
        return next(iter(found.values()), None)


class Activities:
    """Lines of any kind, each with an external key."""

    fields = ACTIVITY

    def __init__(self, known: Known) -> None:
        self.known = known

    def read(self, row: Mapping[str, Any]) -> Wanted:
        """By its external key."""
        key = checks.text(row.get("external_id", ""), field="external_id", longest=KEY_LENGTH, required=True)
        line = self.known.keyed(key)
        process = _process_of(self.known.loaded, row, line)
        return Wanted(key, process, line, _given(self.known.loaded, row))


class Volumes:
    """How much of a product a process made."""

    fields = VOLUME

    def __init__(self, known: Known) -> None:
        self.known = known

    def read(self, row: Mapping[str, Any]) -> Wanted:
        """By process and product; the first output of a process becomes its reference."""
        loaded = self.known.loaded
        key, process, product, line = _about(self.known, row, is_made=True)
        given = _given(loaded, row)
        if line is None:
            is_waste = product.kind == Product.Kind.WASTE
            given |= {"kind": product.kind, "direction": "input" if is_waste else "output"}
            given.setdefault("is_reference", is_waste or not loaded.has_reference(process))
        return Wanted(key, process, line, given)


class Bill:
    """How much of something a process takes per unit of its reference product."""

    fields = ITEM

    def __init__(self, known: Known) -> None:
        self.known = known
        self.references = {line.process_id: line for line in known.loaded.lines(_references(known.loaded))}

    def read(self, row: Mapping[str, Any]) -> Wanted:
        """By process and what is taken; the amount is that of the whole period."""
        key, process, product, line = _about(self.known, row, is_made=False)
        given = _given(self.known.loaded, row)
        per_unit = given.pop("per_unit", None)
        if "quantity" in given or line is None:
            quantity = measures.amount(given.pop("quantity", ""), field="quantity")
            given["amount"] = quantity * self._made(process, per_unit)
        if line is None:
            given |= {"kind": product.kind, "direction": "input"}
        return Wanted(key, process, line, given)

    def _made(self, process: UnitProcess, per_unit: object) -> Decimal:
        """The amount of the reference product, in the unit the quantities are per."""
        line = self.references.get(process.pk)
        if line is None or line.product is None:
            message = _("This process has no reference product yet. Send its production volume first.")
            raise Refusal(message, field="process", code="no_reference")
        unit = measures.unit(per_unit, field="per_unit") if per_unit else line.product.unit
        if not units.same_dimension(line.unit, unit):
            message = _("The reference product is entered in %(line)s, which does not convert into %(unit)s.")
            raise Refusal(message % {"line": line.unit, "unit": unit}, field="per_unit", code="unit_mismatch")
        return units.convert(line.amount, line.unit, unit)


KINDS: dict[str, type[Activities] | type[Volumes] | type[Bill]] = {
    "activities": Activities,
    "production-volumes": Volumes,
    "bills-of-material": Bill,
}


def kind_of(name: str, inventory: Inventory, rows: Iterable[Mapping[str, Any]], *, by: Actor) -> Kind:
    """A reader of rows, with everything read that they name."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name_of in ("external_id", "product", *PROVIDERS):
            if isinstance(value := row.get(name_of), str) and value:
                names[name_of].add(value.strip() if name_of == "external_id" else value)
    loaded = Loaded(inventory, by, names)
    known = Known(loaded)
    keyed = loaded.lines(Q(among_texts("external_id", names["external_id"]))) if names["external_id"] else []
    known.by_key = {line.external_id: line for line in keyed}
    kind = KINDS[name]
    if kind is not Activities:
        for line in _own_first(loaded.lines(Q(process__inventory=inventory)), known.by_key):
            known.note(line)
    return kind(known)


def _own_first(found: Iterable[Exchange], by_key: Mapping[str, Exchange]) -> Iterable[Exchange]:
    """A line that is found both ways is one object."""
    return (by_key.get(line.external_id, line) if line.external_id else line for line in found)


def _pair(line: Exchange) -> Pair | None:
    """What a line is about; nothing for other sorts of lines."""
    is_taken = line.direction == Exchange.Direction.INPUT and not line.is_avoided
    if not line.product_id or not (makes(line) or is_taken):
        return None
    return line.process_id, line.product_id, makes(line)


def _references(loaded: Loaded) -> Q:
    return Q(process__inventory=loaded.inventory, is_reference=True)


def _about(
    known: Known, row: Mapping[str, Any], *, is_made: bool
) -> tuple[str, UnitProcess, Product, Exchange | None]:
    """The key of a row about a product, and the line it means."""
    process = known.loaded.process(row.get("process"))
    product = known.loaded.thing("product", row.get("product"))
    if not isinstance(product, Product):
        raise Refusal(_("Choose the product or waste of this line."), field="product", code="required")
    key = checks.text(row.get("external_id") or "", field="external_id", longest=KEY_LENGTH)
    line = known.keyed(key) if key else None
    if line is None:
        line = known.one(process, product, key, is_made=is_made)
    elif line.process_id != process.pk:
        raise Refusal(_("A line stays with its process."), field="process", code="fixed")
    elif (pair := _pair(line)) is None or pair[2] is not is_made:
        message = _("This external key belongs to a line that says something else. Choose another key.")
        raise Refusal(message, field="external_id", code="other_sort")
    return key or f"{process.code} {product.code}", process, product, line


def _process_of(loaded: Loaded, row: Mapping[str, Any], line: Exchange | None) -> UnitProcess:
    if line is None:
        return loaded.process(row.get("process"))
    if row.get("process") and loaded.process(row["process"]).pk != line.process_id:
        raise Refusal(_("A line stays with its process."), field="process", code="fixed")
    return line.process


def _given(loaded: Loaded, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of its line, with the things it names in place of their names."""
    given = {name: value for name, value in row.items() if name != "process"}
    for name in lines.LINKS:
        if name in given:
            given[name] = loaded.thing(name, given[name])
    if not given.get("external_id"):
        given.pop("external_id", None)
    return given

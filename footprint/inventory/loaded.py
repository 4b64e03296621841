"""What many rows of one inventory are read and checked against, asked of the database once for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.errors import Refusal
from factors.models import FactorVersion, GreenhouseGas
from footprint.inventory.beside import MAKES, nameable
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from footprint.inventory.providers import makes

T = TypeVar("T")

Names = Mapping[str, Collection[str]]
"""The texts by which rows name things, by field."""
SENTENCES = {
    "product": gettext_lazy("There is no product “%(name)s” in this company."),
    "provider_process": gettext_lazy("There is no process “%(name)s” in this inventory."),
    "provider_product": gettext_lazy("There is no product “%(name)s” that is open to this company."),
    "factor_version": gettext_lazy("There is no version of a factor with the uuid “%(name)s”."),
}


class Loaded:
    """Answers from memory (``beside.Beside``); ``note`` tells it of each line that will be stored."""

    def __init__(self, inventory: Inventory, by: Actor, names: Names) -> None:
        self.inventory, self.by = inventory, by
        own = UnitProcess.objects.visible_to(by).filter(inventory=inventory).select_related("inventory")
        self.processes = {name: each for each in own for name in (each.code, str(each.uuid))}
        self._things = {field: self._named(field, names.get(field, ())) for field in SENTENCES}
        self._by_key = {
            field: {each.pk: each for each in found.values()} for field, found in self._things.items()
        }
        self._gases = frozenset(GreenhouseGas.objects.values_list("code", flat=True))
        self._made: dict[UUID, tuple[int, int]] = {}
        self._makers: Counter[tuple[int, int]] = Counter()
        self._makes: Counter[int] = Counter()
        self._outputs: Counter[int] = Counter()
        self._references: dict[int, tuple[UUID, int | None]] = {}
        self._read_makers()

    def _named(self, field: str, names: Collection[str]) -> dict[str, Model]:
        """By their uuids and, where they have one here, their codes."""
        if field == "provider_process":
            return dict(self.processes)
        named = Q(uuid__in=[UUID(name) for name in names if _is_uuid(name)])
        has_code = field != "factor_version"
        if has_code:
            named |= Q(company_id=self.inventory.company_id, code__in=set(names))
        rows = nameable(field, self.inventory.company_id, self.by).filter(named).order_by("pk")
        if field == "product":  # whose units the amounts are checked against
            rows = rows.select_for_update(of=("self",), no_key=True)
        found: dict[str, Model] = {}
        for each in rows:
            found[str(each.uuid)] = each
            if has_code and each.company_id == self.inventory.company_id:
                found[each.code] = each
        return found

    def _read_makers(self) -> None:
        own = Exchange.objects.visible_to(self.by).filter(company_id=self.inventory.company_id)
        columns = ("uuid", "process_id", "product_id")
        for uuid, process_id, product_id in own.filter(MAKES).values_list(*columns):
            self._count(uuid, (process_id, product_id))
        references = own.filter(process__inventory=self.inventory, is_reference=True)
        for uuid, process_id, product_id in references.values_list(*columns):
            self._references[process_id] = (uuid, product_id)

    def _count(self, uuid: UUID, pair: tuple[int, int]) -> None:
        self._made[uuid] = pair
        self._makers[pair] += 1
        self._outputs[pair[0]] += 1
        self._makes[pair[1]] += 1

    def thing(self, field: str, name: object) -> Model | None:
        """What a row names, by code or uuid. Raises Refusal."""
        if name is None or name == "":
            return None
        found = _by(self._things[field], name)
        if found is None:
            message = str(SENTENCES[field]) % {"name": str(name)[:80]}
            raise Refusal(message, field=field, code="not_found")
        return found

    def process(self, name: object) -> UnitProcess:
        """The process a row belongs to, by code or uuid. Raises Refusal."""
        if name is None or name == "":
            raise Refusal(_("Say which process the line belongs to."), field="process", code="required")
        found = _by(self.processes, name)
        if found is None:
            raise Refusal(_("There is no such process in this inventory."), field="process", code="not_found")
        return found

    def note(self, line: Exchange) -> None:
        """The line will be stored as it is."""
        if before := self._made.pop(line.uuid, None):
            self._makers[before] -= 1
            self._outputs[before[0]] -= 1
            self._makes[before[1]] -= 1
        if makes(line) and line.product_id:
            self._count(line.uuid, (line.process_id, line.product_id))
        if line.is_reference:
            self._references[line.process_id] = (line.uuid, line.product_id)
        elif self._references.get(line.process_id, (None,))[0] == line.uuid:
            del self._references[line.process_id]

    def has_reference(self, process: UnitProcess) -> bool:
        """Whether a line of the process is its reference."""
        return process.pk in self._references

    def has_coproducts(self, process: UnitProcess) -> bool:
        """Whether more than one line says what the process makes."""
        return self._outputs[process.pk] > 1

    def lines(self, chosen: Q) -> list[Exchange]:
        """Lines of the company with what they name beside them; nobody else changes them until the end."""
        own = Exchange.objects.visible_to(self.by).filter(chosen, company_id=self.inventory.company_id)
        locked = own.select_for_update(of=("self",), no_key=True)
        return _with_their_things(list(locked.order_by("pk")))

    @cached_property
    def next_places(self) -> dict[int, int]:
        """The first free position of each process of the inventory."""
        rows = Exchange.objects.filter(process__inventory=self.inventory).values("process")
        return {row["process"]: row["last"] + 1 for row in rows.annotate(last=Max("position"))}

    def named(self, line: Exchange, field: str, key: Mapping[str, Any]) -> Model | None:
        """What ``thing`` found before."""
        return self._by_key[field].get(key.get("pk", 0))

    def knows_gas(self, code: str) -> bool:
        """Whether the gas is one of the list."""
        return code in self._gases

    def other_reference(self, line: Exchange) -> Product | None:
        """The reference product of the process, if another line says it."""
        uuid, product_id = self._references.get(line.process_id, (line.uuid, None))
        if uuid == line.uuid or product_id is None:
            return None
        return Product.objects.filter(pk=product_id).first()

    def makes(self, process: UnitProcess, product: Product | None) -> bool:
        """Whether the process makes the product."""
        return product is not None and self._makers[process.pk, product.pk] > 0

    def is_made(self, product: Product) -> bool:
        """Whether any process of the company makes it."""
        return self._makes[product.pk] > 0


def _by(things: Mapping[str, T], name: object) -> T | None:
    return things.get(name) or things.get(name.lower()) if isinstance(name, str) else None


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


def _with_their_things(lines: list[Exchange]) -> list[Exchange]:
    """Each thing read once, however many lines name it, and kept with them: nobody asks again."""
    products = Product.objects.in_bulk(
        {key for line in lines for key in (line.product_id, line.provider_product_id) if key}
    )
    keys = {key for line in lines for key in (line.process_id, line.provider_process_id) if key}
    processes = UnitProcess.objects.select_related("inventory").in_bulk(keys)
    versions = FactorVersion.objects.select_related("factor").in_bulk(
        {line.factor_version_id for line in lines if line.factor_version_id}
    )
    for line in lines:  # what is not open to the reader any more reads None
        line._state.fields_cache |= {
            "process": processes.get(line.process_id),
            "product": products.get(line.product_id),
            "provider_process": processes.get(line.provider_process_id),
            "provider_product": products.get(line.provider_product_id),
            "factor_version": versions.get(line.factor_version_id),
        }
    return lines

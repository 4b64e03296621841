"""Questions about what plants entered; of other companies, only what they opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Site
from footprint.inventory.identifiers import spellings
from footprint.inventory.models import (
    AllocationAnswer,
    AllocationShare,
    Exchange,
    Inventory,
    OutputPrice,
    Product,
    ProductGrant,
    RemovedLine,
    UnitProcess,
)
from footprint.inventory.providers import MAKES

SUGGESTED = 12
WHAT_FLOWS = (
    "process", "direction", "kind", "product", "gas", "origin", "flow_name", "compartment", "is_avoided",
    "amount", "unit",
)  # fmt: skip
"""What tells a line from others, and how much of it there is."""
IN_TABLE = (
    *WHAT_FLOWS, "uuid", "version", "position", "is_reference", "data_type", "provider_process",
    "provider_product", "factor_version",
)  # fmt: skip


CUT_OFF = Q(
    direction="input",
    kind="product",
    provider_process__isnull=True,
    provider_product__isnull=True,
    factor_version__isnull=True,
)
"""A product input without a provider."""


def own_products(actor: Actor, *, search: str = "", category: str = "") -> QuerySet[Product]:
    """The actor's own products; every word of ``search`` occurs in a name or the code."""
    return _matching(Product.objects.own(actor), search, category)


def opened_products(actor: Actor, *, search: str = "", category: str = "") -> QuerySet[Product]:
    """What partners opened to one of the actor's companies."""
    return _matching(Product.objects.opened(actor), search, category).select_related("company")


def _matching(products: QuerySet[Product], search: str, category: str) -> QuerySet[Product]:
    # a word without capitals costs a third of one that has to be turned into them, so it is asked first
    for word in sorted(search.split(), key=_has_case):
        contains = "icontains" if _has_case(word) else "contains"
        found = (Q(**{f"{field}__{contains}": word}) for field in ("name_zh", "name_en", "code"))
        known = spellings(word)
        named = Q(identifiers__has_any_keys=known) if known else Q()
        products = products.filter(reduce(or_, found, named))
    if category:
        products = products.filter(category__code=category)
    return products.select_related("category")


def _has_case(word: str) -> bool:
    return word.upper() != word or word.lower() != word


def product(actor: Actor, uuid: UUID) -> Product | None:
    """One product, own or opened, if it exists for the actor."""
    return Product.objects.visible_to(actor).select_related("category", "company").filter(uuid=uuid).first()


def named_product(products: QuerySet[Product], typed: str) -> Product | None:
    """The product of this code; without one, the only one of this name in either language."""
    if found := products.filter(code=typed).first():
        return found
    several = list(products.filter(Q(name_zh=typed) | Q(name_en=typed))[:2]) if typed else []
    return several[0] if len(several) == 1 else None


def inventories(actor: Actor, site: Site) -> QuerySet[Inventory]:
    """A site's inventories, the latest first."""
    return Inventory.objects.visible_to(actor).filter(site=site).order_by("-period_end")


def inventory(actor: Actor, uuid: UUID) -> Inventory | None:
    """One inventory with its site and company."""
    return Inventory.objects.visible_to(actor).select_related("site", "company").filter(uuid=uuid).first()


def processes(actor: Actor, inventory_ids: list[int]) -> QuerySet[UnitProcess]:
    """The unit processes of some inventories."""
    found = UnitProcess.objects.visible_to(actor).filter(inventory_id__in=inventory_ids)
    return found.order_by("inventory_id", "code")


def named_processes(actor: Actor, inventory: Inventory, search: str) -> QuerySet[UnitProcess]:
    """An inventory's unit processes that have every word of the search in their names or code."""
    found = processes(actor, [inventory.pk])
    for word in search.split():
        names = Q(name_zh__icontains=word) | Q(name_en__icontains=word)
        found = found.filter(names | Q(code__icontains=word))
    return found


def process(actor: Actor, uuid: UUID) -> UnitProcess | None:
    """One unit process with its inventory."""
    found = UnitProcess.objects.visible_to(actor).select_related(
        "inventory__site__company", "inventory__company", "company"
    )
    return found.filter(uuid=uuid).first()


def lines(actor: Actor) -> QuerySet[Exchange]:
    """Lines with everything a table of them shows."""
    return (
        Exchange.objects.visible_to(actor)
        .select_related(
            "process__inventory__site__company",
            "product",
            "provider_process",
            "provider_product__company",
            "factor_version__factor",
        )
        .order_by("process_id", "position", "pk")
    )


def table_lines(actor: Actor, processes: Sequence[UnitProcess]) -> list[Exchange]:
    """The lines of some processes as a table of hundreds shows them: what many point to is read once."""
    return _sharing(Exchange.objects.visible_to(actor).only(*IN_TABLE), processes)


def inventory_lines(actor: Actor, inventory: Inventory) -> list[Exchange]:
    """All lines of an inventory with everything of them; what many point to is read once."""
    found = list(processes(actor, [inventory.pk]))
    for process in found:
        process.inventory = inventory
    return _sharing(Exchange.objects.visible_to(actor), found)


def flowing(actor: Actor, processes: Sequence[UnitProcess]) -> list[Exchange]:
    """What the lines of some processes say flows, and nothing of what they point to."""
    return _of(Exchange.objects.visible_to(actor).only(*WHAT_FLOWS), processes)


def _sharing(rows: QuerySet[Exchange], processes: Sequence[UnitProcess]) -> list[Exchange]:
    pointed_to = "product", "provider_process", "provider_product__company", "factor_version__factor"
    return _of(rows.prefetch_related(*pointed_to), processes)


def _of(rows: QuerySet[Exchange], processes: Sequence[UnitProcess]) -> list[Exchange]:
    """The lines of these processes, each with its process."""
    known = {process.pk: process for process in processes}
    found = list(rows.filter(process_id__in=known).order_by("process_id", "position", "pk"))
    for line in found:
        line.process = known[line.process_id]
    return found


def line(actor: Actor, uuid: UUID) -> Exchange | None:
    """One line."""
    return lines(actor).filter(uuid=uuid).first()


def removed_lines(actor: Actor, process: UnitProcess | None = None) -> QuerySet[RemovedLine]:
    """Lines that were taken away and can come back, the latest first."""
    found = RemovedLine.objects.visible_to(actor).select_related("process__inventory__site", "by")
    return (found if process is None else found.filter(process=process)).order_by("-at", "-pk")


def made_in(actor: Actor, site: Site) -> QuerySet[Product]:
    """The products that a site's processes make, in any year."""
    outputs = Exchange.objects.visible_to(actor).filter(MAKES, process__inventory__site=site)
    return Product.objects.own(actor).filter(pk__in=outputs.values("product_id")).order_by("code")


def is_made(actor: Actor, product: Product) -> bool:
    """Whether one of the actor's processes makes the product."""
    return Exchange.objects.visible_to(actor).filter(MAKES, product=product).exists()


def made_anywhere(actor: Actor, company_id: int) -> QuerySet[Exchange, int]:
    """The keys of the products that processes of a company make."""
    outputs = Exchange.objects.visible_to(actor).filter(MAKES, company_id=company_id)
    return outputs.values_list("product_id", flat=True).distinct()


def cut_offs(actor: Actor, inventory: Inventory | None = None) -> QuerySet[Exchange]:
    """Product inputs without a provider, of one inventory or all: they count nothing until they get one."""
    found = lines(actor).filter(CUT_OFF)
    return found if inventory is None else found.filter(process__inventory=inventory)


def possible_processes(actor: Actor, exchange: Exchange) -> QuerySet[UnitProcess]:
    """Processes of the same inventory that make what the line takes."""
    makers = Exchange.objects.visible_to(actor).filter(
        MAKES, product=exchange.product, process__inventory_id=exchange.process.inventory_id
    )
    found = UnitProcess.objects.visible_to(actor).filter(pk__in=makers.values("process_id"))
    return found.exclude(pk=exchange.process_id).order_by("code")


def possible_products(actor: Actor, exchange: Exchange, search: str = "") -> list[Product]:
    """The line's own product when another site makes it, and what partners opened; best guesses first."""
    granted = ProductGrant.objects.in_force().filter(recipient_id=exchange.company_id)
    opened = Product.objects.visible_to(actor).filter(pk__in=granted.values("product_id"))
    makers = Exchange.objects.visible_to(actor).filter(MAKES, product=exchange.product)
    elsewhere = makers.exclude(process__inventory_id=exchange.process.inventory_id)
    own = Product.objects.own(actor).filter(pk__in=elsewhere.values("product_id"))
    found = [*own.select_related("company"), *_matching(opened, search, "").order_by("code")[: 4 * SUGGESTED]]
    wanted = exchange.product.category_id if exchange.product else None
    found.sort(key=lambda each: (each.category_id != wanted or wanted is None, each.code))
    return found[:SUGGESTED]


def shares(actor: Actor, process: UnitProcess) -> dict[int, AllocationShare]:
    """The declared shares in force, by product."""
    rows = AllocationShare.objects.visible_to(actor).filter(
        process=process, method=process.allocation_set, exchange__isnull=True
    )
    return {row.product_id: row for row in rows}


def line_shares(actor: Actor, process: UnitProcess) -> list[AllocationShare]:
    """The shares in force, of single lines and of all others; none unless the process is divided by lines."""
    if process.allocation_method != UnitProcess.Allocation.CAUSAL:
        return []
    rows = AllocationShare.objects.visible_to(actor)
    return list(rows.filter(process=process, method=process.allocation_set))


def prices(actor: Actor, process: UnitProcess) -> dict[int, dict[int, OutputPrice]]:
    """The prices of a process's outputs, by year, the latest first, and line."""
    rows = OutputPrice.objects.visible_to(actor).filter(exchange__process=process).order_by("-year")
    found: dict[int, dict[int, OutputPrice]] = {}
    for row in rows:
        found.setdefault(row.year, {})[row.exchange_id] = row
    return found


def line_prices(actor: Actor, line: Exchange) -> QuerySet[OutputPrice]:
    """The prices of one output, the latest first."""
    found = OutputPrice.objects.visible_to(actor).filter(exchange=line)
    return found.select_related("exchange").order_by("-year")


def answers(actor: Actor, process: UnitProcess) -> dict[str, AllocationAnswer]:
    """What was answered on the allocation of a process, by question."""
    rows = AllocationAnswer.objects.visible_to(actor).filter(process=process).select_related("answered_by")
    return {row.question: row for row in rows}


def grants(actor: Actor, product: Product) -> QuerySet[ProductGrant]:
    """To whom a product is open."""
    found = ProductGrant.objects.visible_to(actor).filter(product=product, company_id=product.company_id)
    return found.in_force().select_related("recipient").order_by("recipient__code")


def grant(actor: Actor, product: Product, recipient_uuid: UUID) -> ProductGrant | None:
    """The grant to one partner."""
    return grants(actor, product).filter(recipient__uuid=recipient_uuid).first()

"""What others take must not vanish under them: of one line that goes, or of many that go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from accounts.errors import Refusal
from footprint.inventory.beside import MAKES
from footprint.inventory.models import Exchange
from footprint.inventory.providers import makes, named


class Supply:
    """Who makes the products of some lines, and how many lines take them: read once for all of them."""

    def __init__(self, lines: Iterable[Exchange]) -> None:
        making = [line for line in lines if makes(line)]
        products = {line.product_id for line in making}
        pairs = _count(Exchange.objects.filter(MAKES, product__in=products), "process", "product")
        from_here = Exchange.objects.filter(
            product__in=products, provider_process__in={line.process_id for line in making}
        )
        self._makers = pairs
        self._everywhere: Counter[Any] = Counter()
        for (_process, product), count in pairs.items():
            self._everywhere[product] += count
        self._takers = _count(from_here, "provider_process", "product")
        self._buyers = _count(Exchange.objects.filter(provider_product__in=products), "provider_product")

    def check(self, line: Exchange) -> None:
        """Whether somebody still makes what the line made, or nobody takes it.

        Raises:
            Refusal: in_use.
        """
        if line.product is None or not makes(line):
            return
        pair, count = (line.process_id, line.product_id), 0
        if not self._makers[pair]:
            count += self._takers[pair]
        if not self._everywhere[line.product_id]:
            count += self._buyers[line.product_id,]
        if count:
            message = ngettext(
                "%(count)d other line takes %(product)s from here. Give it another provider first.",
                "%(count)d other lines take %(product)s from here. Give them another provider first.",
                count,
            )
            words = {"count": count, "product": named(line.product)}
            raise Refusal(message % words, field="product", code="in_use")

    def without(self, line: Exchange) -> None:
        """The line goes. Raises Refusal: in_use; then it stays."""
        self._note(line, -1)
        try:
            self.check(line)
        except Refusal:
            self._note(line, 1)
            raise

    def _note(self, line: Exchange, step: int) -> None:
        if makes(line):
            self._makers[line.process_id, line.product_id] += step
            self._everywhere[line.product_id] += step
        self._takers[line.provider_process_id, line.product_id] += step
        self._buyers[line.provider_product_id,] += step


def check_still_made(line: Exchange) -> None:
    """Whether nobody takes what this line makes, or another line makes it, too. ``line`` is as it is stored.

    Raises:
        Refusal: in_use.
    """
    Supply([line]).without(line)


def still_needed(lines: Sequence[Exchange]) -> dict[UUID, Refusal]:
    """Of lines that are to go together, as they are stored, those that others need; by their uuids.

    Whoever takes from a line may go with it, in any order. Of several makers the last one stays.
    """
    supply, left = Supply(lines), lines
    while left:
        refused: dict[UUID, Refusal] = {}
        for line in left:
            try:
                supply.without(line)
            except Refusal as refusal:
                refused[line.uuid] = refusal
        if len(refused) == len(left):
            return refused
        left = [line for line in left if line.uuid in refused]
    return {}


def _count(rows: QuerySet[Exchange], *columns: str) -> Counter[tuple[Any, ...]]:
    """How many rows there are of each combination of these columns."""
    counted = rows.order_by().values_list(*columns).annotate(count=Count("pk"))
    return Counter({tuple(keys): count for *keys, count in counted})

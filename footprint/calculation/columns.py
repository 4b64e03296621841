"""Questions about columns: what each is made of, now or as a run found it. Own columns only."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.actor import Actor
from footprint.calculation.models import ColumnVersion, FigureVersion
from footprint.inventory.models import Product


def current(
    actor: Actor, *, processes: Iterable[int] | None = None, products: Iterable[int] | None = None
) -> QuerySet[ColumnVersion]:
    """The version of each column that holds; all the actor's, or those of some processes or products."""
    return _latest(_asked(actor, processes, products))


def as_of(
    actor: Actor,
    run_id: int,
    *,
    processes: Iterable[int] | None = None,
    products: Iterable[int] | None = None,
) -> QuerySet[ColumnVersion]:
    """As ``current``, after this run and before the next."""
    return _latest(_asked(actor, processes, products).filter(run_id__lte=run_id))


def figure_history(actor: Actor, product: Product) -> QuerySet[FigureVersion]:
    """Every figure ever written for an own product, latest run first, one for each process that made it."""
    return (
        FigureVersion.objects.visible_to(actor)
        .filter(product=product)
        .select_related("run")
        .order_by("-run_id", "process_id")
    )


def _asked(
    actor: Actor, processes: Iterable[int] | None, products: Iterable[int] | None
) -> QuerySet[ColumnVersion]:
    found = ColumnVersion.objects.visible_to(actor)
    if processes is not None:
        found = found.filter(process_id__in=list(processes))
    if products is not None:
        found = found.filter(product_id__in=list(products))
    return found


def _latest(versions: QuerySet[ColumnVersion]) -> QuerySet[ColumnVersion]:
    """The newest of each column, without those that were removed; backwards along the unique index."""
    column = ("company_id", "process_id", "product_id")
    newest = versions.order_by(*(f"-{name}" for name in (*column, "run_id"))).distinct(*column)
    return (
        ColumnVersion.objects.filter(pk__in=newest.values("pk"))
        .exclude(content__isnull=True, fault__isnull=True)
        .order_by("process_id", "product_id")
    )

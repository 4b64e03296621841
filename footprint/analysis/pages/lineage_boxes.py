"""The boxes of a lineage: document, versions, own lines, own products, the comparisons these stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import percent, significant, unit_text, year_range
from accounts.forms import languages, named
from factors.geographies import place_name
from factors.models import FactorVersion, Source
from footprint.analysis.lineage import Carried, Kin
from footprint.analysis.lineage_drawing import Thing
from footprint.inventory.models import Exchange, Product

DRAWN = 8
"""Lines, and products; the lists below the picture have all."""


def boxes(
    actor: Actor, version: FactorVersion, kin: list[Kin], lines: Sequence[Exchange], carries: list[Carried]
) -> list[Thing]:
    """From left to right; a product that takes the version through other products hangs on the version."""
    first, last = min(each.step for each in kin), max(each.step for each in kin)
    behind = _behind(version, kin, first - 1)
    shown = carries[:DRAWN]
    makers = {each.node.key[0] for each in shown}
    drawn = sorted(lines, key=lambda line: line.process_id not in makers)[:DRAWN]
    return [
        *dict.fromkeys(behind.values()),
        *(_version(each, behind.get(each.version.uuid)) for each in kin),
        *_lines(version, drawn, last + 1),
        *_products(version, drawn, shown, last + 2),
        *_comparisons(actor, shown, last + 3),
    ]


def _behind(asked: FactorVersion, kin: list[Kin], column: int) -> dict[UUID, Thing]:
    """By version, what those that were derived from none came from: the document they were read from.

    An average of members comes from a cohort, and behind that nothing is told.
    """
    if release := asked.derivation.get("release"):
        words = _("%(groups)s company groups") % {"groups": asked.derivation.get("groups", "")}
        epoch, address = str(asked.derivation.get("epoch", "")), reverse("benchmark:release", args=[release])
        return {asked.uuid: Thing("cohort", column, words, epoch, address)}
    return {each.version.uuid: _document(each.version.source, column) for each in kin if not each.of}


def _document(source: Source, column: int) -> Thing:
    address = f"{reverse('factors:factor_list')}?source={source.code}"
    return Thing(
        f"source-{source.code}", column, named(source), f"{source.publisher} · {source.year}", address
    )


def _version(each: Kin, behind: Thing | None) -> Thing:
    version = each.version
    return Thing(
        str(version.uuid),
        each.step,
        named(version.factor),
        f"{place_name(version.geography, languages())} · {version.reference_year}",
        f"{reverse('analysis:factor_lineage', args=[version.factor.uuid])}?version={version.number}",
        (*map(str, each.of), *([behind.key] if behind else [])),
    )


def _lines(version: FactorVersion, lines: Sequence[Exchange], column: int) -> Iterator[Thing]:
    for line in lines:
        inventory = line.process.inventory
        period = year_range(inventory.period_start, inventory.period_end, languages())
        yield Thing(
            f"line-{line.pk}",
            column,
            f"{named(line.process)} · {named(inventory.site)}",
            f"{period} · {significant(line.amount)} {unit_text(line.unit)}",
            reverse("inventory:exchange", args=[line.uuid]),
            (str(version.uuid),),
            is_own=True,
        )


def _products(
    version: FactorVersion, lines: Sequence[Exchange], shown: list[Carried], column: int
) -> Iterator[Thing]:
    for each in shown:
        taking = tuple(f"line-{line.pk}" for line in lines if line.process_id == each.node.key[0])
        yield Thing(
            _product_key(each),
            column,
            each.node.label(languages()),
            percent(each.share),
            reverse("inventory:product", args=[each.node.uuid]),
            taking or (str(version.uuid),),
            is_own=True,
        )


def _comparisons(actor: Actor, shown: list[Carried], column: int) -> Iterator[Thing]:
    """Where members compare products of these categories."""
    mine = Product.objects.visible_to(actor).filter(uuid__in={each.node.uuid for each in shown})
    categories = {str(each.uuid): each.category for each in mine.select_related("category") if each.category}
    for category in {each.pk: each for each in categories.values()}.values():
        compared = tuple(_product_key(each) for each in shown if categories.get(each.node.uuid) == category)
        address = reverse("benchmark:category", args=[category.code])
        yield Thing(f"category-{category.pk}", column, named(category), _("Benchmarks"), address, compared)


def _product_key(each: Carried) -> str:
    return "-".join(map(str, ("product", *each.node.key)))

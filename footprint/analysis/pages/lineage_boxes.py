"""The boxes of a lineage: document, versions, own lines, own products, the comparisons these stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import percent, significant, unit_text, year_range
from accounts.forms import languages, named
from factors.geographies import place_name
from factors.models import FactorVersion
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
    versions = _versions(version, kin)
    if not version.derivation.get("release"):
        roots = [each for each in kin if not each.of]
        versions = [*_documents(roots, first - 1), *_documented(versions, roots)]
    shown = carries[:DRAWN]
    makers = {each.node.key[0] for each in shown}
    drawn = sorted(lines, key=lambda line: line.process_id not in makers)[:DRAWN]
    return [
        *versions,
        *_lines(version, drawn, last + 1),
        *_products(version, drawn, shown, last + 2),
        *_comparisons(actor, shown, last + 3),
    ]


def _versions(asked: FactorVersion, kin: list[Kin]) -> list[Thing]:
    """Itself with what it was derived from and what from it."""
    things = [
        Thing(
            str(each.version.uuid),
            each.step,
            named(each.version.factor),
            f"{place_name(each.version.geography, languages())} · {each.version.reference_year}",
            f"{reverse('analysis:factor_lineage', args=[each.version.factor.uuid])}"
            f"?version={each.version.number}",
            tuple(map(str, each.of)),
        )
        for each in kin
    ]
    release = asked.derivation.get("release")
    if not release:
        return things
    # an average of members comes from a cohort, and behind that nothing is told
    words = _("%(groups)s company groups") % {"groups": asked.derivation.get("groups", "")}
    address = reverse("benchmark:release", args=[release])
    cohort = Thing("cohort", -1, words, str(asked.derivation.get("epoch", "")), address)
    own = str(asked.uuid)
    return [cohort, *(replace(each, of=("cohort",)) if each.key == own else each for each in things)]


def _documents(roots: list[Kin], column: int) -> Iterator[Thing]:
    """What the versions that were derived from none were read from, each document once."""
    for source in {each.version.source_id: each.version.source for each in roots}.values():
        address = f"{reverse('factors:factor_list')}?source={source.code}"
        published = f"{source.publisher} · {source.year}"
        yield Thing(f"source-{source.code}", column, named(source), published, address)


def _documented(things: list[Thing], roots: list[Kin]) -> list[Thing]:
    read = {str(each.version.uuid): f"source-{each.version.source.code}" for each in roots}
    return [replace(each, of=(*each.of, read[each.key])) if each.key in read else each for each in things]


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

"""A product's calculation bundle: its own network written down so that others can solve it again.

What leaves is what the owner sees, less the numbers whose sources forbid passing them on: of those, only the
kg CO2e that each column has from them. Nothing leaves before a replay gave the figures that are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.errors import Refusal
from factors.models import Source
from footprint.calculation.bundle_members import Members, by_set, members, named
from footprint.calculation.own_network import OwnNetwork, own_network
from footprint.calculation.queries import Freshness, ProductFigure, product_figures
from footprint.engine import ENGINE_VERSION
from footprint.engine.bundle import pack, platform_facts, unpack
from footprint.engine.bundle_rows import Recipe, recipe
from footprint.engine.errors import EngineError
from footprint.engine.replay import Figures, figures, replay, result_rows
from footprint.inventory.models import Product


class NoBundle(Refusal):
    """There is no figure that a bundle could stand for."""

    code = "no_bundle"
    status = 409


@dataclass(frozen=True)
class WrittenBundle:
    """A bundle that was replayed: what to call its file, its bytes, its root hash."""

    name: str
    content: bytes
    root: str


def bundle(actor: Actor, product: Product, year: int | None = None) -> WrittenBundle:
    """The bundle of an own product's figure: of the year asked for, else of the latest.

    Raises:
        NoBundle: there is no figure, it is not up to date or failed, or a replay does not give it.
    """
    figure = _sound_figure(actor, product, year)
    own = own_network(actor, company=product.company, product=product, year=figure.year)
    makers = [own.index.get((part.process_id, part.product_id)) for part in figure.footprints]
    if not makers or None in makers:
        raise NoBundle(
            _("What this figure was made of is not recorded yet; recompute it and try again."),
            code="no_history",
        )
    written = members(actor, own)
    facts = _facts(product, figure, sorted(at for at in makers if at is not None), written)
    try:
        content = _solved(facts, written, own)
        verdict = replay(content)
    except EngineError as error:
        raise _not_reproduced(product) from error
    if not verdict.is_same:
        raise _not_reproduced(product)
    name = f"{product.company.code}-{product.code}-{figure.year}.bundle.zip"
    return WrittenBundle(_file_name(name), content, verdict.root)


def _not_reproduced(product: Product) -> NoBundle:
    return NoBundle(
        _(
            "A replay of %(product)s does not give the figure that is shown, so no bundle was written. "
            "Recompute the product; if it stays so, tell the operators."
        )
        % {"product": product.code},
        code="not_reproduced",
    )


def _sound_figure(actor: Actor, product: Product, year: int | None) -> ProductFigure:
    found = product_figures(actor, [product.pk]).get(product.pk, [])
    figure = next((each for each in found if year is None or each.year == year), None)
    if figure is None:
        raise NoBundle(_("This product has no footprint for that year."), code="no_figure", field="year")
    if figure.freshness is Freshness.PENDING:
        raise NoBundle(
            _("The footprint is being recomputed; ask for the bundle again in a moment."), code="pending"
        )
    if figure.freshness is Freshness.FAILED:
        raise NoBundle(
            _("The footprint could not be computed, so there is nothing to bundle: %(reason)s")
            % {"reason": figure.failure},
            code="failed",
        )
    return figure


def _facts(product: Product, figure: ProductFigure, makers: list[int], written: Members) -> dict[str, Any]:
    """The manifest, but for its hashes. No time of writing: the same figure gives the same bytes."""
    made_in = [written.footprints[place].inventory for place in makers]
    newest = max(footprint.computed_at for footprint in written.footprints.values())
    return {
        "title": f"{product.company.code} {product.code} {figure.year}",
        "company": named(product.company),
        "product": {
            **named(product),
            "unit": product.unit,
            "category": product.category.code if product.category else None,
        },
        "year": figure.year,
        "period": {
            "start": min(inventory.period_start for inventory in made_in).isoformat(),
            "end": max(inventory.period_end for inventory in made_in).isoformat(),
        },
        "created_at": newest.isoformat(),
        "engine": ENGINE_VERSION,
        "platform": platform_facts(),
        "figure": {
            "columns": makers,
            "unit": figure.unit,
            "co2e": by_set(np.array([figure.ar5, figure.ar6])),
        },
        "withheld": [_withheld(source) for source in written.withheld],
    }


def _withheld(source: Source) -> dict[str, str]:
    return {
        "source": source.code,
        "redistribution": source.redistribution,
        "note": "Its numbers must not be passed on; columns state the kg CO2e they have from it.",
    }


def _solved(facts: dict[str, Any], written: Members, own: OwnNetwork) -> bytes:
    """The bundle with its results, and how many of them have the bits of the stored figures."""
    known = recipe(unpack(pack(facts, written.rows)))
    found = figures(known, facts["figure"]["columns"])
    agreement = {"columns": own.columns, "same_gases": _same_gases(known, found, written)}
    rows = {**written.rows, "results.jsonl": result_rows(known, found)}
    return pack({**facts, "agreement": agreement}, rows)


def _same_gases(known: Recipe, found: Figures, written: Members) -> int:
    """Columns whose every gas has the very bits that the platform stores.

    Where something counts by its total only, the gases of the platform hold more than those of the bundle.
    """
    same = 0
    for at, place in enumerate(known.column):
        stored = {
            (row["gas"], row["origin"]): row["kg"] for row in written.footprints[place].breakdown.by_gas
        }
        mine = {gas: kg for gas, kg in zip(known.gases, found.kg[at].tolist(), strict=True) if kg}
        same += stored == mine
    return same


def _file_name(name: str) -> str:
    """Letters that every file system and header takes."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)

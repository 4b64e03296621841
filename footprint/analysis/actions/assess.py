"""Settle assessments: of the whole network at once, written where they differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from django.utils import timezone

from accounts.actor import Actor
from accounts.bulk_sql import insert_rows
from footprint.analysis import doubt, methods, scores
from footprint.analysis.by_profile import ByProfile, Views
from footprint.analysis.causes import Causes
from footprint.analysis.ground import Ground, ground_of
from footprint.analysis.method_bridges import MethodBridge, between
from footprint.analysis.methods import Bands, Joint
from footprint.analysis.models import Assessment, ProfileFigure
from footprint.analysis.models.assessment import Assessed
from footprint.analysis.profiles import Reading, read
from footprint.calculation import memory
from footprint.calculation.models import Footprint
from footprint.engine import ENGINE_VERSION
from footprint.engine.band import AllocationBand
from footprint.engine.quality import Quality
from footprint.engine.uncertainty import Spreads
from footprint.rules.queries import version_before, versions_in_force

Row = TypeVar("Row", bound=Assessed)


def settle_assessments(process_ids: list[int], gen: int) -> None:
    """Renew every assessment that is not what it was; which processes changed does not matter.

    One solve serves all products, so nothing is saved by asking for a few.
    """
    known = memory.recall()
    memory.remember(known)
    ground = ground_of(known.live)
    footprints = _footprints(ground)
    every = methods.joints(ground)
    quality = scores.rated(ground)
    made = _assessments(ground, footprints, every, quality)
    _write(Assessment, made, ("footprint_id",))
    readings = [
        read(ground, every, version) for version in versions_in_force(Actor.worker(), timezone.localdate())
    ]
    views = Views(ground, every)
    causes = Causes(views)
    figures = [
        figure
        for reading in readings
        for figure in _by_profile(
            views, footprints, reading, _bridges(views, readings, reading), causes.of(reading)
        )
    ]
    _write(ProfileFigure, figures, ("footprint_id", "profile_version_id"))


def _footprints(ground: Ground) -> dict[int, Footprint]:
    """The stored figure of each place in the network; one that is not stored yet is not assessed."""
    stored = Footprint.objects.filter(state=Footprint.State.CURRENT).only(
        "id", "company_id", "process_id", "product_id"
    )
    found = {}
    for footprint in stored:
        node = ground.columns.get((footprint.process_id, footprint.product_id))
        if node is not None:
            found[node] = footprint
    return dict(sorted(found.items()))


def _assessments(
    ground: Ground, footprints: dict[int, Footprint], every: list[Joint], quality: Quality
) -> list[Assessment]:
    bands, spread = methods.bands(ground, every), doubt.estimated(ground)
    method = {node: joint.method for joint in every for node in joint.nodes.tolist()}
    return [
        _stamped(
            Assessment(
                company_id=footprint.company_id,
                footprint_id=footprint.pk,
                kg_co2e=float(ground.ghg_kg[node]),
                band=_band(bands, node, method.get(node, "none")),
                **_quality(quality, node),
                **_spread(spread, node),
            )
        )
        for node, footprint in footprints.items()
    ]


def _quality(quality: Quality, node: int) -> dict[str, float | None]:
    technology, time, geography = (_number(score) for score in quality.rating[node])
    return {
        "primary_data_share": _number(quality.primary_share[node]),
        "dqr_technology": technology,
        "dqr_time": time,
        "dqr_geography": geography,
        "exempted_share": _number(quality.exempted_share[node]),
    }


def _spread(spread: Spreads, node: int) -> dict[str, Any]:
    return {
        "gsd2_low": _number(spread.gsd2_low[node]),
        "gsd2_high": _number(spread.gsd2_high[node]),
        "gsd2_is_exact": spread.exact,
    }


def _band(bands: Bands, node: int, in_force: str) -> dict[str, Any]:
    """One product's columns of both bands."""
    both = bands.everybody, bands.own
    rows = [
        {
            "method": method,
            "applies": bool(bands.own.applies[at, node]),
            "everybody": _number(both[0].ghg_kg[at, node]),
            "own": _number(both[1].ghg_kg[at, node]),
        }
        for at, method in enumerate(bands.own.methods)
    ]
    return {
        "in_force": in_force,
        "methods": rows,
        "everybody": _ends(bands.everybody, node),
        "own": _ends(bands.own, node),
    }


def _ends(band: AllocationBand, node: int) -> dict[str, Any]:
    names = (*band.methods, None)
    return {
        "low": _number(band.low[node]),
        "high": _number(band.high[node]),
        "lowest": names[int(band.lowest[node])],
        "highest": names[int(band.highest[node])],
    }


def _by_profile(
    views: Views,
    footprints: dict[int, Footprint],
    reading: Reading,
    bridges: list[MethodBridge],
    causes: dict[int, dict[str, float]],
) -> Iterable[ProfileFigure]:
    for found in views.figures(reading):
        footprint = footprints.get(found.node)
        if footprint is not None:
            figure = _profile_figure(footprint, reading, found)
            if found.failure is None:
                told = (bridge.of(found.node) for bridge in bridges)
                figure.bridges = [bridge for bridge in told if bridge is not None]
                figure.causes = causes.get(found.node, {})
            yield _stamped(figure)


def _bridges(views: Views, readings: list[Reading], reading: Reading) -> list[MethodBridge]:
    """From the platform's own profile, and from the version of the same profile before this one."""
    own = next((each for each in readings if each.is_default), None)
    found = [] if own is None or own is reading else [between(views, own, reading)]
    if (version := version_before(Actor.worker(), reading.version)) is not None:
        found.append(between(views, read(views.ground, views.every, version), reading))
    return found


def _profile_figure(footprint: Footprint, reading: Reading, found: ByProfile) -> ProfileFigure:
    return ProfileFigure(
        company_id=footprint.company_id,
        footprint_id=footprint.pk,
        profile_version_id=reading.version.pk,
        kg_co2e=found.kg_co2e,
        including_uptake=found.including_uptake,
        excluding_uptake=found.excluding_uptake,
        parts=found.parts,
        exempted_share=found.exempted_share,
        largest_exempted=found.largest_exempted,
        cut_off=found.cut_off,
        method=found.method,
        walk=found.walk,
        left_out=found.left_out,
        failure=found.failure,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


STAMP = frozenset({"id", "digest", "computed_at"})
"""What a row says of itself and not of its column."""


def _stamped(row: Row) -> Row:
    """With a digest of everything it says."""
    row.engine_version = ENGINE_VERSION
    said = {field.attname: getattr(row, field.attname) for field in _said(type(row))}
    row.digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return row


def _said(model: type[Assessed]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.attname not in STAMP]


def _write(model: type[Row], made: list[Row], key: tuple[str, ...]) -> None:
    """Write the rows that differ from those there are, and remove those nobody needs."""
    stored = {
        tuple(columns): (pk, digest)
        for pk, digest, *columns in model._default_manager.values_list("pk", "digest", *key)
    }
    wanted = {tuple(getattr(row, name) for name in key): row for row in made}
    gone = [pk for columns, (pk, _) in stored.items() if columns not in wanted]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    now = timezone.now()
    differing = [row for columns, row in wanted.items() if stored.get(columns, (0, ""))[1] != row.digest]
    for row in differing:
        row.computed_at = now
    insert_rows(differing, key=key)

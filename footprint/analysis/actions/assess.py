"""Settle assessments: of the whole network at once, written where they differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

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

Said = dict[str, Any]
"""What a row says, by column; all but its own number, its digest and when it was made."""


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
    _write(Assessment, _assessments(ground, footprints, every, quality), ("footprint_id",))
    readings = [
        read(ground, every, version) for version in versions_in_force(Actor.worker(), timezone.localdate())
    ]
    views = Views(ground, every)
    causes = Causes(views)
    figures = (
        figure
        for reading in readings
        for figure in _by_profile(
            views, footprints, reading, _bridges(views, readings, reading), causes.of(reading)
        )
    )
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
) -> Iterator[Said]:
    bands, spread = methods.bands(ground, every), doubt.estimated(ground)
    method = {node: joint.method for joint in every for node in joint.nodes.tolist()}
    for node, footprint in footprints.items():
        yield {
            "company_id": footprint.company_id,
            "footprint_id": footprint.pk,
            "kg_co2e": float(ground.ghg_kg[node]),
            "band": _band(bands, node, method.get(node, "none")),
            **_quality(quality, node),
            **_spread(spread, node),
        }


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
) -> Iterator[Said]:
    for found in views.figures(reading):
        footprint = footprints.get(found.node)
        if footprint is None:
            continue
        told: list[dict[str, Any]] = []
        if found.failure is None:
            told = [bridge for each in bridges if (bridge := each.of(found.node)) is not None]
        yield {
            **_profile_figure(footprint, reading, found),
            "bridges": told,
            "causes": causes.get(found.node, {}) if found.failure is None else {},
        }


def _bridges(views: Views, readings: list[Reading], reading: Reading) -> list[MethodBridge]:
    """From the platform's own profile, and from the version of the same profile before this one."""
    own = next((each for each in readings if each.is_default), None)
    found = [] if own is None or own is reading else [between(views, own, reading)]
    if (version := version_before(Actor.worker(), reading.version)) is not None:
        found.append(between(views, read(views.ground, views.every, version), reading))
    return found


def _profile_figure(footprint: Footprint, reading: Reading, found: ByProfile) -> Said:
    return {
        "company_id": footprint.company_id,
        "footprint_id": footprint.pk,
        "profile_version_id": reading.version.pk,
        "kg_co2e": found.kg_co2e,
        "including_uptake": found.including_uptake,
        "excluding_uptake": found.excluding_uptake,
        "parts": found.parts,
        "exempted_share": found.exempted_share,
        "largest_exempted": found.largest_exempted,
        "cut_off": found.cut_off,
        "method": found.method,
        "walk": found.walk,
        "left_out": found.left_out,
        "failure": found.failure,
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _write(model: type[Assessed], made: Iterable[Said], key: tuple[str, ...]) -> None:
    """Write the rows that differ from those there are, and remove those nobody needs.

    A row has a digest of everything it says; what says the same is no row at all, for most do.
    """
    stored = {
        tuple(columns): (pk, digest)
        for pk, digest, *columns in model._default_manager.values_list("pk", "digest", *key)
    }
    wanted, differing, now = set(), [], timezone.now()
    for each in made:
        said = {**each, "engine_version": ENGINE_VERSION}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        columns = tuple(said[name] for name in key)
        wanted.add(columns)
        if stored.get(columns, (0, ""))[1] != digest:
            differing.append(model(**said, digest=digest, computed_at=now))
    gone = [pk for columns, (pk, _) in stored.items() if columns not in wanted]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    insert_rows(differing, key=key)

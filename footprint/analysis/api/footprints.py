"""Where a figure comes from, over REST: for its owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from footprint.analysis.api.parameters import CUT_OFF, GWP, AnalysisSchema, asked_cut, asked_gwp, told_apart
from footprint.analysis.api.serializers import HotspotsSerializer, TreeSerializer
from footprint.analysis.hotspots import Hotspots
from footprint.analysis.upstream import Upstream, behind_column
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import NodeKind
from footprint.calculation.queries import footprints, freshness


class TreeView(APIView):
    """The provider tree of one's own figure."""

    schema = AnalysisSchema()

    @extend_schema(responses=TreeSerializer, operation_id="footprints_tree", parameters=[GWP, CUT_OFF])
    def get(self, request: Request, uuid: UUID) -> Response:
        """The tree; a partner's answers 404."""
        body, found = _asked(request, uuid)
        with told_apart():
            complete, nodes = (found.tree.complete, _occurrences(found)) if found else (True, [])
        return Response(TreeSerializer({**body, "is_complete": complete, "nodes": nodes}).data)


class HotspotsView(APIView):
    """Where one's own figure comes from."""

    schema = AnalysisSchema()

    @extend_schema(
        responses=HotspotsSerializer, operation_id="footprints_hotspots", parameters=[GWP, CUT_OFF]
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """By emitting process, stage, gas, at the gate and by path; a partner's answers 404."""
        body, found = _asked(request, uuid)
        with told_apart():
            parts = _hotspots(found)
        return Response(HotspotsSerializer({**body, **parts}).data)


def _asked(request: Request, uuid: UUID) -> tuple[dict[str, Any], Hotspots | None]:
    refuse_unknown_parameters(request, ("gwp", "cut"))
    gwp, cut = asked_gwp(request), asked_cut(request)
    actor = actor_in(request)
    row = footprints(actor).filter(uuid=uuid).select_related("product").first()
    if row is None or row.company_id not in actor.company_ids:
        raise Http404
    value = row.kg_co2e_ar5 if gwp == "AR5" else row.kg_co2e_ar6
    column = (row.process_id, row.product_id)
    with told_apart():
        upstream = behind_column(actor, row.product, row.year, column, gwp) if value is not None else None
    return _figure(row, gwp, value, cut, freshness(actor, [row])[row.pk]), (
        Hotspots(upstream, cut) if upstream else None
    )


def _figure(row: Footprint, gwp: str, value: float | None, cut: float, state: str) -> dict[str, Any]:
    return {
        "footprint": row.uuid,
        "year": row.year,
        "unit": row.unit,
        "gwp": gwp,
        "kg_co2e": value,
        "freshness": str(state),
        "cut": cut,
    }


def _hotspots(found: Hotspots | None) -> dict[str, Any]:
    if found is None:
        return {
            "sources": [], "stages": [], "gases": [], "gate": None, "paths": [], "paths_cover": None,
        }  # fmt: skip
    upstream, gate, paths = found.upstream, found.boundary, found.paths
    rows = zip(paths.products, paths.amount, paths.emitted, paths.share, strict=True)
    return {
        "sources": [_part(found, each.node, each.value) for each in found.sources],
        "stages": [{"stage": stage.value, "kg_co2e": value} for stage, value in found.stages],
        "gases": [
            {"gas": each.gas, "origin": each.origin, "kg": each.kg, "kg_co2e": each.value}
            for each in found.gases
        ],
        "gate": {
            "own": gate.own,
            "own_recorded": gate.processes,
            "own_burnt": gate.burnt,
            "purchased": gate.purchased,
            "purchases": [_part(found, leaf, value) for leaf, value in gate.bought],
        },
        "paths": [
            {
                "nodes": [_node(upstream, node) for node in nodes],
                "amount": amount,
                "kg_co2e": emitted,
                "share": _finite(share),
            }
            for nodes, amount, emitted, share in rows
        ],
        "paths_cover": _finite(paths.covered),
    }


def _occurrences(found: Hotspots) -> list[dict[str, Any]]:
    tree, upstream = found.tree, found.upstream
    share = tree.share()
    rows = []
    for at in range(len(tree)):
        parent = int(tree.parent[at])
        place = int(tree.product[at])
        line = upstream.line_of(int(tree.product[parent]), place) if parent >= 0 else None
        rows.append(
            {
                **_node(upstream, place),
                "id": at,
                "parent_id": parent if parent >= 0 else None,
                "depth": int(tree.depth[at]),
                "exchange": line.uuid if line else None,
                "amount": float(tree.amount[at]),
                "kg_co2e": float(tree.score[at]),
                "share": _finite(float(share[at])),
                "direct": float(tree.direct[at]),
                "below_cut": float(tree.cut[at]),
                "below_cut_count": int(tree.cut_count[at]),
            }
        )
    return rows


def _part(found: Hotspots, node: int, value: float) -> dict[str, Any]:
    share = value / found.total if found.total else None
    return {**_node(found.upstream, node), "kg_co2e": value, "share": share}


def _node(upstream: Upstream, place: int) -> dict[str, Any]:
    node = upstream.own.nodes[place]
    is_column = node.kind is NodeKind.COLUMN
    process = upstream.processes.get(node.key[0]) if is_column else None
    is_product = node.kind in (NodeKind.COLUMN, NodeKind.SUPPLIER)
    return {
        "kind": node.kind.value,
        "stage": node.stage.value,
        "name_zh": node.label("zh-hans"),
        "name_en": node.label("en"),
        "unit": node.unit,
        "process": process.uuid if process else None,
        "product": (node.uuid or None) if is_product else None,
        "factor_version": (node.uuid or None) if node.kind is NodeKind.FACTOR else None,
    }


def _finite(value: float) -> float | None:
    return value if value == value else None

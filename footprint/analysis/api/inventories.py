"""What flows through a site and whether it closes, over REST: for its owner."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from footprint.analysis.api.parameters import BASIS, GWP, AnalysisSchema, asked_basis, asked_gwp, told_apart
from footprint.analysis.api.serializers import ClosureSerializer, FlowsSerializer
from footprint.analysis.site_balance import BasisBalance, Finding, balance_of, limits_for
from footprint.analysis.site_flows import BASES, Place, SiteFlows, of_emissions, physical
from footprint.analysis.streams import Stream, streams_of
from footprint.analysis.upstream import Upstream, behind_inventory
from footprint.engine import closure
from footprint.engine.sankey import Closing, balances
from footprint.inventory import queries
from footprint.inventory.models import Inventory

UNITS = dict(zip(BASES, ("kg", "MJ", "kg C", "kg CO2e"), strict=True))
EXACT = 1e-6


class FlowsView(APIView):
    """Flows between the processes of one's own inventory and the outside."""

    schema = AnalysisSchema()

    @extend_schema(responses=FlowsSerializer, operation_id="inventories_flows", parameters=[BASIS, GWP])
    def get(self, request: Request, uuid: UUID) -> Response:
        """All of them on one basis, nothing merged; CO2e flows are those that products carry."""
        refuse_unknown_parameters(request, ("basis", "gwp"))
        basis, gwp = asked_basis(request), asked_gwp(request)
        actor = actor_in(request)
        inventory = _inventory(actor, uuid)
        body = {"inventory": inventory.uuid, "basis": basis, "unit": UNITS[basis], "nodes": [], "flows": []}
        if basis == BASES[-1]:
            with told_apart():
                upstream = behind_inventory(actor, inventory, gwp)
                if upstream is not None:
                    body |= _told(of_emissions(upstream, inventory.pk), basis, EXACT, upstream)
        else:
            limits = limits_for(actor, inventory.period_end)
            found = physical(streams_of(actor, inventory))
            body |= _told(found, basis, limits.amber[BASES.index(basis)], None)
        return Response(FlowsSerializer(body).data)


class ClosureView(APIView):
    """Mass, energy and carbon balances of one's own inventory."""

    schema = AnalysisSchema()

    @extend_schema(responses=ClosureSerializer, operation_id="inventories_closure")
    def get(self, request: Request, uuid: UUID) -> Response:
        """Of the site and of every process, with the line most likely off where one does not close."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        inventory = _inventory(actor, uuid)
        limits = limits_for(actor, inventory.period_end)
        found = balance_of(streams_of(actor, inventory), limits)
        rows = zip(closure.BASES, limits.amber, limits.red, strict=True)
        body = {
            "inventory": inventory.uuid,
            "limits": [{"basis": basis, "amber": amber, "red": red} for basis, amber, red in rows],
            "site": [_basis(each) for each in found.site.bases],
            "processes": [
                {
                    "process": row.process.uuid,
                    "code": row.process.code,
                    "balances": [_basis(each) for each in row.bases],
                }
                for row in found.processes
                if row.process is not None
            ],
        }
        return Response(ClosureSerializer(body).data)


def _inventory(actor: Actor, uuid: UUID) -> Inventory:
    found = queries.inventory(actor, uuid)
    if found is None:
        raise Http404
    return found


def _told(found: SiteFlows, basis: str, tolerance: float, upstream: Upstream | None) -> dict[str, Any]:
    flows, at = found.flows, found.flows.column(basis)
    sums = balances(flows, tolerance)
    closed = {int(Closing.CLOSES): True, int(Closing.OPEN): False}
    nodes = [
        {
            **_place(place, upstream),
            "id": number,
            "taken": float(sums.into[number, at]),
            "given": float(sums.out[number, at]),
            "is_closed": closed.get(int(sums.state[number, at])),
        }
        for number, place in enumerate(found.places)
    ]
    rows = zip(flows.source.tolist(), flows.target.tolist(), flows.amount[:, at].tolist(), strict=True)
    lines = {
        ends: [stream.line.uuid for stream in streams if stream.line]
        for ends, streams in found.streams.items()
    }
    return {
        "nodes": nodes,
        "flows": [
            {
                "source_id": source,
                "target_id": target,
                "amount": None if math.isnan(amount) else amount,
                "exchanges": lines.get((found.places[source], found.places[target]), []),
            }
            for source, target, amount in rows
        ],
    }


def _place(place: Place, upstream: Upstream | None) -> dict[str, Any]:
    thing = place.process or place.product
    names = {"zh": thing.name_zh, "en": thing.name_en} if thing else {"zh": "", "en": ""}
    product = place.product.uuid if place.product else None
    if place.leaf is not None and upstream is not None:
        node = upstream.own.nodes[place.leaf]
        names = {"zh": node.label("zh-hans"), "en": node.label("en")}
    return {
        "role": place.role,
        "name_zh": names["zh"],
        "name_en": names["en"],
        "process": place.process.uuid if place.process else None,
        "product": product,
    }


def _basis(found: BasisBalance) -> dict[str, Any]:
    return {
        "basis": found.basis,
        "inflow": found.inflow,
        "outflow": found.outflow,
        "gap": found.gap if math.isfinite(found.gap) else None,
        "verdict": found.verdict.name.lower(),
        "is_assessed": found.is_assessed,
        "unknown": _uuids(found.missing),
        "suspect": _suspect(found.finding) if found.finding else None,
    }


def _suspect(finding: Finding) -> dict[str, Any]:
    suspect, line = finding.suspect, finding.stream.line
    return {
        "exchange": line.uuid if line else None,
        "slip": suspect.slip.value,
        "recorded": suspect.recorded,
        "corrected": suspect.corrected,
        "remaining_gap": suspect.remaining,
        "others": _uuids(finding.others),
    }


def _uuids(streams: Any) -> list[UUID]:
    found: list[Stream] = list(streams)
    return [stream.line.uuid for stream in found if stream.line]

"""Analyses of an own figure over REST. Another company's figure answers 404, even where its total is open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.analysis.api.lever_serializers import (
    BridgeSerializer,
    HistorySerializer,
    SensitivitySerializer,
    WhatIfSerializer,
    WhatIfWriting,
)
from footprint.analysis.changes import Moment, change, history, moment, moments
from footprint.analysis.levers import PROVIDERS, read
from footprint.analysis.provider_swaps import ProviderSwap
from footprint.analysis.solved import Solved, solved
from footprint.analysis.swings import Input, swings
from footprint.analysis.telling import told_change, told_pair
from footprint.analysis.what_if import Answer, what_if
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import GWP_SETS
from footprint.calculation.queries import footprints

GWP = OpenApiParameter("gwp", str, enum=GWP_SETS, default="AR6", description="The assessment report.")
GWP_BEFORE = OpenApiParameter(
    "gwp_from", str, enum=GWP_SETS, description="The report of the first state, where it is another one."
)


class Analysis(APIView):
    """What every analysis starts from."""

    schema = ResourceSchema()

    def footprint(self, request: Request, uuid: UUID) -> Footprint:
        """An own figure. Raises Http404."""
        actor = actor_in(request)
        own = footprints(actor).filter(company_id__in=actor.company_ids, uuid=uuid)
        found = own.select_related("product").first()
        if found is None:
            raise Http404
        return found

    def base(self, request: Request, footprint: Footprint) -> Solved:
        """The network around the figure. Raises Refusal where there is none."""
        found = solved(actor_in(request), [(footprint.process_id, footprint.product_id)])
        if found is None:
            raise Refusal(_("This product has no figure now, so nothing can move it."), code="no_figure")
        return found


def asked_set(request: Request, name: str = "gwp") -> str:
    """The GWP set of the query. Raises Refusal."""
    chosen = request.query_params.get(name, "AR6")
    if chosen not in GWP_SETS:
        raise Refusal(_("Choose AR5 or AR6."), field=name, code="unknown_choice")
    return chosen


class WhatIfView(Analysis):
    """Figures if lines were otherwise. Nothing is stored."""

    writing_class = WhatIfWriting

    @extend_schema(responses=WhatIfSerializer, operation_id="footprints_what_if")
    def post(self, request: Request, uuid: UUID) -> Response:
        """Pull levers."""
        footprint = self.footprint(request, uuid)
        body = WhatIfWriting(data=request.data, context={"actor": actor_in(request)})
        body.is_valid(raise_exception=True)
        levers = read(body.validated_data["levers"])
        answer = what_if(actor_in(request), self.base(request, footprint), levers)
        return Response(WhatIfSerializer(_answered(footprint, answer)).data)


class SensitivityView(Analysis):
    """The inputs that move a figure most."""

    refuses = True

    @extend_schema(responses=SensitivitySerializer, operation_id="footprints_sensitivity", parameters=[GWP])
    def get(self, request: Request, uuid: UUID) -> Response:
        """Each input by itself, over its range."""
        refuse_unknown_parameters(request, ("gwp",))
        footprint, gwp = self.footprint(request, uuid), asked_set(request)
        found = swings(actor_in(request), self.base(request, footprint), gwp)
        body = {
            "unit": footprint.unit,
            "gwp": gwp,
            "figure": found.figure,
            "inputs": [_input(each) for each in found.inputs],
            "providers": [_swap(each) for each in found.providers],
        }
        return Response(SensitivitySerializer(body).data)


class BridgeView(Analysis):
    """Why the figure of a product differs between two states."""

    refuses = True

    @extend_schema(
        responses=BridgeSerializer,
        operation_id="footprints_bridge",
        parameters=[
            OpenApiParameter(
                "from",
                str,
                description="A year, the uuid of a run of the history, or both, 2024-uuid, where a run "
                "calculated several years.",
                required=True,
            ),
            OpenApiParameter("to", str, description="The same; without it, the year as it is now."),
            GWP,
            GWP_BEFORE,
        ],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """By cause, with the rows behind each."""
        refuse_unknown_parameters(request, ("from", "to", "gwp", "gwp_from"))
        footprint, gwp = self.footprint(request, uuid), asked_set(request)
        gwp_before = asked_set(request, "gwp_from") if "gwp_from" in request.query_params else gwp
        actor, product = actor_in(request), footprint.product
        years = footprints(actor).filter(product=product).values_list("year", flat=True)
        known = moments(actor, product, sorted(set(years), reverse=True))
        asked = request.query_params.get("to", "")
        after = moment(known, asked, footprint.year, field="to") if asked else Moment(footprint.year)
        before = moment(known, request.query_params.get("from", ""), footprint.year, field="from")
        found = change(actor, product, before, after, gwp=gwp, gwp_before=gwp_before)
        if found is None:
            raise Refusal(_("One of the two states has no figure to start from."), code="no_figure")
        body = {"unit": product.unit, "gwp_before": gwp_before, "gwp": gwp, **told_change(found)}
        return Response(BridgeSerializer(body).data)


class HistoryView(Analysis):
    """Every figure ever written for the product, latest run first."""

    @extend_schema(responses=HistorySerializer(many=True), operation_id="footprints_history")
    def get(self, request: Request, uuid: UUID) -> Response:
        """Of the footprint's own process."""
        refuse_unknown_parameters(request, ())
        footprint = self.footprint(request, uuid)
        rows = history(actor_in(request), footprint.product)
        own = [row for row in rows if row.process_id == footprint.process_id]
        return Response(HistorySerializer(own, many=True).data)


def _answered(footprint: Footprint, answer: Answer) -> dict[str, Any]:
    column = (footprint.process_id, footprint.product_id)
    return {
        "unit": footprint.unit,
        "now": told_pair(answer.before),
        "scenario": told_pair(answer.after),
        "moved": [
            {
                "product": each.node.uuid or None,
                "product_code": each.node.code,
                "process_name_zh": each.node.maker_zh,
                "process_name_en": each.node.maker_en,
                "year": each.node.year,
                "unit": each.node.unit,
                "now": told_pair(each.before),
                "scenario": told_pair(each.after),
            }
            for each in answer.moved
            if each.node.key != column
        ],
    }


def _swap(each: ProviderSwap) -> dict[str, Any]:
    chosen = {name: each.provider.uuid if name == each.provider.field else None for name in PROVIDERS}
    return {
        "exchange": each.line.uuid,
        **chosen,
        "name": each.provider.name,
        "change": each.change,
        "figure": each.figure,
    }


def _input(each: Input) -> dict[str, Any]:
    leaf_uuid = each.leaf.uuid if each.leaf and each.leaf.kind.value == "factor" else None
    return {
        "exchange": each.line.uuid if each.line else None,
        "factor_version": leaf_uuid,
        "name": each.label,
        "elasticity": each.elasticity,
        "low_factor": each.range.low,
        "high_factor": each.range.high,
        "gsd2": each.range.gsd2,
        "low": each.low,
        "high": each.high,
    }

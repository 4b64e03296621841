"""Versions side by side over REST: whether they may stand on one axis, and their figures if so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.fields import AmountField
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from factors import queries
from factors.comparability import judge
from factors.models import FactorVersion
from factors.peers import LATEST, figure_of, per_unit, side_of

MOST = 8


class ComparedSerializer(serializers.Serializer[Any]):
    """One version; without a figure where its licence keeps it here, or nothing may be compared."""

    version = serializers.UUIDField()
    code = serializers.CharField()
    figure = AmountField(allow_null=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """Figures are kg (CO2 where that is the ``scope`` of all, else CO2e) per ``unit``, with ``gwp_set``.

    ``scope`` is null where they differ; ``gwp_set`` is empty where none of the totals states its own.
    """

    is_comparable = serializers.BooleanField()
    obstacles = serializers.ListField(child=serializers.CharField())
    cautions = serializers.ListField(child=serializers.CharField())
    unit = serializers.CharField()
    scope = serializers.ChoiceField(FactorVersion.Scope.choices, allow_null=True)
    gwp_set = serializers.CharField()
    versions = ComparedSerializer(many=True)


class CompareView(APIView):
    """Two to eight versions."""

    schema = ResourceSchema()

    @extend_schema(
        responses=ComparisonSerializer,
        parameters=[OpenApiParameter("version", str, many=True, required=True)],
        operation_id="factor_versions_compare",
    )
    def get(self, request: Request) -> Response:
        """In the order asked for; in the unit of the first."""
        refuse_unknown_parameters(request, ("version",))
        actor, versions = actor_in(request), _asked(request)
        emissions = queries.emissions_of(actor, [version.pk for version in versions])
        verdict = judge([side_of(version, emissions[version.pk]) for version in versions])
        unit = versions[0].factor.unit
        values = queries.characterization(actor, verdict.gwp_set or LATEST)
        told = []
        for version in versions:
            figure = None
            if verdict.is_comparable and version.source.may_be_passed_on:
                figure = figure_of(version, emissions[version.pk], values, verdict.gwp_set)
            shown = None if figure is None else per_unit(figure, version.factor.unit, unit)
            told.append({"version": version.uuid, "code": version.factor.code, "figure": shown})
        answer = {
            "is_comparable": verdict.is_comparable,
            "obstacles": [each.value for each in verdict.obstacles],
            "cautions": [each.value for each in verdict.cautions],
            "unit": unit,
            "scope": versions[0].scope if len({each.scope for each in versions}) == 1 else None,
            "gwp_set": verdict.gwp_set,
            "versions": told,
        }
        return Response(ComparisonSerializer(answer).data)


def _asked(request: Request) -> list[FactorVersion]:
    given = list(dict.fromkeys(request.query_params.getlist("version")))
    try:
        wanted = [UUID(each) for each in given]
    except ValueError as error:
        raise _unreadable(_("Give uuids of versions."), "invalid") from error
    if not 2 <= len(wanted) <= MOST:
        message = _("Give two to %(most)d versions.") % {"most": MOST}
        raise _unreadable(message, "out_of_range")
    found = {row.uuid: row for row in queries.all_versions(actor_in(request)).filter(uuid__in=wanted)}
    if len(found) < len(wanted):
        raise _unreadable(_("One of these is no version of the database."), "unknown_version")
    return [found[each] for each in wanted]


def _unreadable(message: str, code: str) -> ValidationError:
    return ValidationError({"version": [ErrorDetail(message, code=code)]})

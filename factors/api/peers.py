"""Where a version's figure lies among those of the same flow, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.fields import AmountField
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from factors import queries
from factors.comparability import Caution, Obstacle
from factors.distribution import Distribution, Refused, distribution
from factors.models import FactorVersion
from factors.peers import Peer


class PeerSerializer(serializers.Serializer[Peer]):
    """A published figure for the same flow; without its figure where its licence keeps that here."""

    version = serializers.UUIDField(source="version.uuid")
    code = serializers.CharField(source="version.factor.code")
    geography = serializers.CharField(source="version.geography")
    reference_year = serializers.IntegerField(source="version.reference_year")
    figure = serializers.SerializerMethodField()

    def get_figure(self, peer: Peer) -> str | None:
        """kg per unit of the factor that was asked about, as text."""
        return f"{peer.value.normalize():f}" if peer.version.source.may_be_passed_on else None


class IncomparableSerializer(serializers.Serializer[Any]):
    """So many of the same flow that cannot be compared with it, for one obstacle."""

    obstacle = serializers.ChoiceField([each.value for each in Obstacle])
    versions = serializers.IntegerField()


class DistributionSerializer(serializers.Serializer[Any]):
    """Its figure and its peers by size, in kg (CO2 where ``scope`` is that alone, else CO2e) per ``unit``.

    ``refused`` says why there is nothing to see: it has no one figure, or too few can be compared.
    """

    group = serializers.ChoiceField(["factor", "code", "table"])
    unit = serializers.CharField()
    scope = serializers.ChoiceField(FactorVersion.Scope.choices)
    gwp_set = serializers.CharField()
    refused = serializers.ChoiceField([each.value for each in Refused], allow_null=True)
    figure = AmountField(allow_null=True)
    peers = PeerSerializer(many=True)
    left_out = IncomparableSerializer(many=True)
    cautions = serializers.ListField(child=serializers.ChoiceField([each.value for each in Caution]))


class PeersView(APIView):
    """A version among its peers."""

    schema = ResourceSchema()

    @extend_schema(responses=DistributionSerializer, operation_id="factor_version_peers")
    def get(self, request: Request, uuid: UUID) -> Response:
        """The narrowest group with enough of them: its factor, its substance or product code, its table."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        version = queries.version_by_uuid(actor, uuid)
        if version is None:
            raise Http404
        found: Distribution = distribution(
            actor, version, queries.emissions_of(actor, [version.pk])[version.pk]
        )
        is_free = version.source.may_be_passed_on
        told = {
            "group": found.group,
            "unit": version.factor.unit,
            "scope": version.scope,
            "gwp_set": found.gwp_set,
            "refused": found.refused,
            "figure": found.figure if is_free else None,
            "peers": () if found.refused else found.peers,
            "left_out": [{"obstacle": each, "versions": n} for each, n in sorted(found.left_out.items())],
            "cautions": found.cautions,
        }
        return Response(DistributionSerializer(told).data)

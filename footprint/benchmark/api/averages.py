"""Released means as factors over REST."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from factors.api.serializers import FactorVersionSerializer
from footprint.benchmark import queries
from footprint.benchmark.actions.average import publish_average


class AverageView(APIView):
    """The mean of a released comparison."""

    schema = ResourceSchema()

    @extend_schema(
        request=None,
        responses={201: FactorVersionSerializer},
        operation_id="benchmark_release_average",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Publish it as a version of the category's alliance average; for curators."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        found = queries.release(actor, uuid)
        if found is None:
            raise Http404
        made = publish_average(found, by=actor)
        return Response(FactorVersionSerializer(made).data, status=status.HTTP_201_CREATED)

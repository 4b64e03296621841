"""An inventory as an openLCA package over REST."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.exports import ARCHIVE_TYPE, archive_answer
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.analysis.api.parameters import GWP, asked_gwp
from footprint.exchange import queries
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.writing import write


class OpenLcaView(APIView):
    """One's own inventory for openLCA."""

    schema = ResourceSchema()

    @extend_schema(
        parameters=[GWP],
        responses={(200, ARCHIVE_TYPE): OpenApiTypes.BINARY},
        operation_id="inventories_openlca",
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """As it is now: JSON-LD in a zip, names in the language asked for."""
        refuse_unknown_parameters(request, ("gwp",))
        actor = actor_in(request)
        inventory = queries.inventories(actor).filter(uuid=uuid).first()
        if inventory is None:
            raise Http404
        gwp = asked_gwp(request)
        found = outgoing(actor, inventory, gwp=gwp, language=get_language() or "zh-hans")
        return archive_answer(write(found), f"{inventory.site.code}-{inventory.year}-openlca-{gwp}.zip")

"""How likely one own footprint is truly below another, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.errors import Refusal
from footprint.analysis.api.assessments import OfFootprint
from footprint.analysis.below import How, below
from footprint.calculation.models import Footprint
from footprint.calculation.queries import footprints

THAN = "than"


class BelowSerializer(serializers.Serializer[Any]):
    """The probability that a footprint is truly below another one."""

    footprint = serializers.UUIDField()
    than = serializers.UUIDField()
    unit = serializers.CharField(help_text="Of both.")
    probability = serializers.FloatField(
        allow_null=True, help_text="0 to 1; null where neither samples nor spreads say anything."
    )
    how = serializers.ChoiceField(
        [each.value for each in How], allow_null=True,
        help_text="samples: counted pair by pair over one study. first_order: from the spreads, with what "
        "both have in common.",
    )  # fmt: skip


class BelowView(OfFootprint):
    """An own footprint against another own one, per the same unit."""

    parameters = (THAN,)
    refuses = True

    @extend_schema(
        parameters=[OpenApiParameter(THAN, UUID, required=True, description="The other footprint.")],
        responses=BelowSerializer,
        operation_id="footprints_below_retrieve",
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """404 unless both are own ones; 422 where their units differ."""
        actor, footprint = self.footprint(request, uuid)
        other = _other(actor, request.query_params.get(THAN, ""))
        if other.unit != footprint.unit:
            message = _("The two figures are per different units: %(one)s and %(other)s.")
            words = {"one": footprint.unit, "other": other.unit}
            raise Refusal(message % words, field=THAN, code="other_unit")
        known = below(actor, footprint, other)
        body = {
            "footprint": footprint.uuid,
            "than": other.uuid,
            "unit": footprint.unit,
            "probability": known and known.probability,
            "how": known and known.how.value,
        }
        return Response(BelowSerializer(body).data)


def _other(actor: Actor, named: str) -> Footprint:
    try:
        key = UUID(named)
    except ValueError:
        raise Refusal(_("Name the other footprint by its uuid."), field=THAN, code="required") from None
    found = footprints(actor).filter(uuid=key, company_id__in=actor.company_ids).first()
    if found is None:
        raise Http404
    return found

"""The reports over REST: PDF, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import asked_year, refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.benchmark import queries, reports
from footprint.publication.typesetting import LANGUAGES

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
LANGUAGE = OpenApiParameter("language", str, enum=list(LANGUAGES), description="zh unless told.")


class AllianceReportView(APIView):
    """The alliance in a year, from released values alone."""

    schema = ResourceSchema()

    @extend_schema(
        responses=PDF,
        operation_id="reports_alliance",
        parameters=[LANGUAGE, OpenApiParameter("year", int, description="The latest released, unless told.")],
    )
    def get(self, request: Request) -> HttpResponse:
        """The report as a file."""
        refuse_unknown_parameters(request, ("language", "year"))
        actor, language = actor_in(request), _language(request)
        years = queries.released_years(actor)
        year = asked_year(request)
        if year is None:
            year = max(years, default=timezone.localdate().year - 1)
        elif year not in years:
            _refuse("year", map(str, sorted(years)))
        made = reports.alliance_report(actor, year=year, language=language, on=timezone.localdate())
        return HttpResponse(made.content, content_type="application/pdf")


class OwnReportView(APIView):
    """Where one's own companies stand: confidential."""

    schema = ResourceSchema()

    @extend_schema(responses=PDF, operation_id="reports_comparisons", parameters=[LANGUAGE])
    def get(self, request: Request) -> HttpResponse:
        """The report as a file."""
        refuse_unknown_parameters(request, ("language",))
        made = reports.member_report(actor_in(request), language=_language(request), on=timezone.localdate())
        return HttpResponse(made.content, content_type="application/pdf")


def _language(request: Request) -> str:
    asked = request.query_params.get("language", "zh")
    if asked not in LANGUAGES:
        _refuse("language", LANGUAGES)
    return asked


def _refuse(name: str, known: Iterable[str]) -> NoReturn:
    message = str(_("Choose one of: %(names)s.")) % {"names": ", ".join(known)}
    raise ValidationError({name: [ErrorDetail(message, code="unknown_choice")]})

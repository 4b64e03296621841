"""openLCA packages over REST: hand one in, watch it, read what was stored, cut off or refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.exports import ARCHIVE_TYPE
from accounts.rest.companies import CompanyRefSerializer, company_for, own_company_field
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.exchange import queries, report
from footprint.exchange.actions import Period, queue_import
from footprint.exchange.api.factor_proposals import ZipParser
from footprint.exchange.models import ImportJob


class ImportProblemSerializer(serializers.Serializer[Any]):
    """Why a package was refused: in which of its files, at which field."""

    file = serializers.CharField()
    field = serializers.CharField()
    detail = serializers.CharField()


class ImportJobSerializer(ModelSerializer[ImportJob]):
    """One package and how far its import is; `inventory` is what it became."""

    company = CompanyRefSerializer()
    site = serializers.UUIDField(source="site.uuid", allow_null=True, default=None)
    inventory = serializers.UUIDField(source="inventory.uuid", allow_null=True, default=None)
    summary = serializers.DictField(child=serializers.IntegerField(), help_text="Counts, once it is done.")
    problems = serializers.SerializerMethodField()

    class Meta:
        model = ImportJob
        fields = (
            "uuid", "company", "site", "file_name", "size", "sha256", "period_start", "period_end",
            "replaces", "state", "stage", "steps_done", "steps_all", "inventory", "summary", "problems",
            "created_at", "started_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(ImportProblemSerializer(many=True))
    def get_problems(self, job: ImportJob) -> Any:
        """In the language asked for."""
        found = report.problem_rows(job.problems)
        return [{"file": file, "field": field, "detail": words} for file, field, words in found]


class ImportFindingSerializer(serializers.Serializer[Any]):
    """One thing its reader should know: a cut-off, another provider taken, a note."""

    kind = serializers.ChoiceField([name for name in report.KINDS if name != "count"])
    process = serializers.CharField()
    flow = serializers.CharField()
    amount = serializers.CharField()
    unit = serializers.CharField()
    message = serializers.CharField(help_text="In the language asked for.")
    file = serializers.CharField()
    field = serializers.CharField()


class ImportParameters(Writing):
    """Where the package belongs."""

    company = own_company_field()
    site = TenantUuidField(queries.importing_sites, required=False)
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    replace = serializers.BooleanField(required=False, default=False)
    file_name = serializers.CharField(required=False, max_length=200, default="package.zip")


WHERE = [
    OpenApiParameter("company", UUID, description="May be left out by who acts for a single one."),
    OpenApiParameter("site", UUID, description="Without one, a site made for openLCA imports."),
    OpenApiParameter("period_start", OpenApiTypes.DATE, required=True),
    OpenApiParameter("period_end", OpenApiTypes.DATE, required=True),
    OpenApiParameter("replace", bool, description="Replace the inventory of this site and period."),
    OpenApiParameter("file_name", str, description="As the import is called."),
]


class ImportFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What imports can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=ImportJob.State.choices)


class OpenLcaImportView(Resource):
    """Imports of openLCA packages (JSON-LD in a zip)."""

    serializer_class = ImportJobSerializer
    filterset_class = ImportFilter
    parser_classes = (ZipParser,)
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[ImportJob]:
        """Those of one's own companies."""
        return queries.jobs(actor)

    @extend_schema(
        parameters=WHERE,
        request={ARCHIVE_TYPE: OpenApiTypes.BINARY},
        responses={202: ImportJobSerializer},
    )
    def create(self, request: Request) -> Response:
        """Hand in the package in the body; a worker imports it, all of it or nothing."""
        refuse_unknown_parameters(request, ImportParameters().fields)
        asked = ImportParameters(data=request.query_params.dict(), context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        company, site = company_for(self.actor, given), given.get("site")
        if site is not None and site.company_id != company.pk:
            raise Refusal(_("This site belongs to another company."), field="site", code="not_found")
        if not isinstance(request.data, bytes):
            raise Refusal(_("Send the package as the body."), code="required")
        job = queue_import(
            by=self.actor,
            company=company,
            file_name=given["file_name"],
            content=request.data,
            period=Period(given["period_start"], given["period_end"]),
            site=site,
            replace=given["replace"],
        )
        response = self.answer(self.found(job.uuid), status.HTTP_202_ACCEPTED)
        response["Location"] = reverse("openlca-imports-detail", args=[job.uuid], request=request)
        return response

    @extend_schema(responses=ImportFindingSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def report(self, request: Request, uuid: UUID) -> Response:
        """What a finished import wants its reader to know; the counts are in `summary`."""
        refuse_unknown_parameters(request, ())
        job = self.found(uuid)
        rows = report.rows(job.summary, job.findings)
        told = [dict(zip(report.HEADER, row, strict=True)) for row in rows if row[0] != "count"]
        return Response(ImportFindingSerializer(told, many=True).data)

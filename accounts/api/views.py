"""Companies and sites over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts import queries
from accounts.actions.company import add_company, change_company, rename_group
from accounts.actions.identifying import identify_company
from accounts.actions.sandbox import open_sandbox
from accounts.actions.site import add_site, change_site
from accounts.actor import Actor
from accounts.api.serializers import (
    CompanySerializer,
    CompanyWriting,
    GroupNamesWriting,
    IdentifiersWriting,
    SiteSerializer,
    SiteWriting,
)
from accounts.models import Company, Site
from accounts.rest.companies import company_for, refuse_moving
from accounts.rest.resources import ChangesFromTag, Creates


class CompanyFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the directory can be narrowed by."""

    code = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Company.Kind.choices)
    group = django_filters.CharFilter(field_name="group__code", label="Code of the group")
    search = django_filters.CharFilter(method="by_text", label="Part of the code or a name")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the code or of a name."""
        return rows.filter(
            Q(code__icontains=value) | Q(name_zh__icontains=value) | Q(name_en__icontains=value)
        )


class CompanyView(Creates, ChangesFromTag):
    """The directory of companies, open to every member; the alliance administrator keeps it."""

    serializer_class = CompanySerializer
    writing_class = CompanyWriting
    filterset_class = CompanyFilter
    ordering_fields = ("id", "code", "name_zh", "name_en")

    def rows(self, actor: Actor) -> QuerySet[Company]:
        """The directory."""
        return queries.companies(actor)

    def add(self, given: dict[str, Any]) -> Company:
        """A further company; for the alliance administrator."""
        return add_company(by=self.actor, **given)

    def change(self, row: Company, given: dict[str, Any]) -> None:
        """Correct names, group or identifiers; for the alliance administrator."""
        refuse_moving(given, "code", "kind")
        change_company(row, by=self.actor, **given)

    @extend_schema(request=None, responses={201: CompanySerializer}, filters=False)
    @action(detail=True, methods=["post"], url_path="sandbox", pagination_class=None)
    def sandbox(self, request: Request, uuid: UUID) -> Response:
        """Open the sandbox of one's own company: nothing of it reaches others."""
        made = open_sandbox(self.found(uuid), by=self.actor)
        response = Response(CompanySerializer(made).data, status=status.HTTP_201_CREATED)
        response["Location"] = reverse("companies-detail", args=[made.uuid], request=request)
        return response

    @extend_schema(request=GroupNamesWriting, responses=CompanySerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="group", pagination_class=None)
    def group(self, request: Request, uuid: UUID) -> Response:
        """Correct what the company's group is called; for the alliance administrator."""
        row = self.found(uuid)
        rename_group(row.group, by=self.actor, **self.shaped(GroupNamesWriting, request))
        return self.answer(row)

    @extend_schema(request=IdentifiersWriting, responses=CompanySerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="identifiers", pagination_class=None)
    def identifiers(self, request: Request, uuid: UUID) -> Response:
        """State LEI, unified social credit code or D-U-N-S number of one's own company."""
        given = self.shaped(IdentifiersWriting, request)
        return self.answer(identify_company(self.found(uuid), by=self.actor, **given))


class SiteFilter(CompanyFilter):
    """What sites can be narrowed by."""

    kind = None
    group = None
    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    province = django_filters.CharFilter()


class SiteView(Creates, ChangesFromTag):
    """The plants of one's own company."""

    serializer_class = SiteSerializer
    writing_class = SiteWriting
    filterset_class = SiteFilter
    ordering_fields = ("id", "code", "name_zh", "name_en")

    def rows(self, actor: Actor) -> QuerySet[Site]:
        """Own sites."""
        return queries.sites(actor)

    def add(self, given: dict[str, Any]) -> Site:
        """A further plant."""
        return add_site(company_for(self.actor, given), by=self.actor, **given)

    def change(self, row: Site, given: dict[str, Any]) -> None:
        """Change a plant."""
        refuse_moving(given, "company")
        change_site(row, by=self.actor, **given)

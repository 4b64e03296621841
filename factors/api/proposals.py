"""Proposals of factors and releases of the database over REST."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.models import Company
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Creates, Resource
from factors import queries
from factors.actions.derive import PARENTS
from factors.actions.propose import NEW, described, move_proposal, propose
from factors.actions.release import difference
from factors.api.serializers import EmissionSerializer
from factors.content import Emission, VersionContent
from factors.finding_words import sentence
from factors.models import Factor, FactorProposal, FactorRelease, FactorVersion
from factors.models.proposal import STATES
from factors.models.source import Transcription
from factors.origins import Origin
from factors.procedure import PROPOSAL

LONGEST_LIST = 200


class ScreeningFindingSerializer(serializers.Serializer[Any]):
    """What the screening said of a content."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["refused", "reason", "note"])
    detail = serializers.SerializerMethodField()

    def get_detail(self, found: dict[str, Any]) -> str:
        """The sentence for people."""
        return sentence(found["code"], found["figures"])


class ProposalSerializer(serializers.ModelSerializer[FactorProposal]):
    """What somebody would like to see published."""

    company = CompanyRefSerializer(allow_null=True)
    factor = serializers.UUIDField(source="factor.uuid", allow_null=True, default=None)
    published = serializers.UUIDField(source="published.uuid", allow_null=True, default=None)
    emissions = serializers.SerializerMethodField()
    geography = serializers.CharField(source="stated.geography")
    reference_year = serializers.IntegerField(source="stated.reference_year")
    scope = serializers.CharField(source="stated.scope")
    boundary = serializers.CharField(source="stated.boundary")
    source = serializers.CharField(source="stated.source")  # type: ignore[assignment]  # the field's own name
    source_locator = serializers.CharField(source="stated.source_locator")
    findings = ScreeningFindingSerializer(many=True)

    class Meta:
        model = FactorProposal
        fields = (
            "uuid", "version", "company", "state", "round", "factor", *NEW, "kind", "unit", "emissions",
            "geography", "reference_year", "scope", "boundary", "source", "source_locator", "reason",
            "findings", "published", "proposed_at", "moved_at",
        )  # fmt: skip

    @extend_schema_field(EmissionSerializer(many=True))
    def get_emissions(self, proposal: FactorProposal) -> Any:
        """kg of each gas per unit; none of a source whose licence keeps them here."""
        content = proposal.stated
        kept = content.source not in self.context["free"]
        return EmissionSerializer(() if kept else content.emissions, many=True).data


class EmissionWriting(Writing):
    """kg of one gas of one origin per unit."""

    gas = serializers.CharField(max_length=40)
    origin = serializers.ChoiceField([origin.value for origin in Origin], default=Origin.UNSPECIFIED.value)
    kg_per_unit = AmountField()


class ProposalWriting(Writing):
    """A further version of ``factor``, or of a new one with code, names, kind and unit."""

    company = TenantUuidField(
        lambda actor: Company.objects.filter(pk__in=[holding.company_id for holding in actor.holdings])
    )
    factor = TenantUuidField(queries.factors, required=False)
    code = serializers.CharField(required=False, allow_blank=True, max_length=120)
    name_zh = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=200)
    kind = serializers.ChoiceField(Factor.Kind.choices, required=False)
    unit = serializers.CharField(required=False, max_length=20)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    cas = serializers.CharField(required=False, allow_blank=True, max_length=20)
    cpc = serializers.CharField(required=False, allow_blank=True, max_length=10)
    hs = serializers.CharField(required=False, allow_blank=True, max_length=12)
    emissions = EmissionWriting(many=True, max_length=LONGEST_LIST)  # type: ignore[call-arg]  # of the list
    geography = serializers.CharField(max_length=20)
    reference_year = serializers.IntegerField(min_value=1900, max_value=2200)
    technology = serializers.CharField(required=False, allow_blank=True, max_length=200)
    scope = serializers.ChoiceField(FactorVersion.Scope.choices)
    boundary = serializers.ChoiceField(FactorVersion.Boundary.choices)
    gwp_set = serializers.CharField(required=False, allow_null=True, max_length=10)
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]  # the field's own name
    source_locator = serializers.CharField(max_length=300)
    transcription = serializers.ChoiceField(Transcription.choices)
    parents = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=LONGEST_LIST,
        help_text="Versions that it is derived from; a way back to the factor itself is refused.",
    )  # fmt: skip
    note_zh = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    note_en = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ProposalMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(PROPOSAL)


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What proposals can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=STATES, label="Where it stands")
    code = django_filters.CharFilter(label="Code of the factor")


class ProposalView(Creates, Moves):
    """Proposals of factors, open to every member; a figure that stands out is refused without a reason."""

    serializer_class = ProposalSerializer
    writing_class = ProposalWriting
    move_writing_class = ProposalMoveWriting
    filterset_class = ProposalFilter
    ordering_fields = ("id", "moved_at")

    def rows(self, actor: Actor) -> QuerySet[FactorProposal]:
        """All of them."""
        return queries.proposals(actor)

    def get_serializer_context(self) -> dict[str, Any]:
        """With the sources whose numbers may leave."""
        actor = actor_in(self.request) if self.request else Actor.nobody()
        free = {source.code for source in queries.sources(actor) if source.may_be_passed_on}
        return {**super().get_serializer_context(), "free": free}

    def add(self, given: dict[str, Any]) -> FactorProposal:
        """Screened first."""
        company, factor, reason = given.pop("company"), given.pop("factor", None), given.pop("reason", "")
        named = {name: given.pop(name, "") for name in (*NEW, "kind", "unit")}
        emissions = tuple(Emission(**one) for one in given.pop("emissions"))
        parents = [str(each) for each in given.pop("parents", ())]
        derivation = {PARENTS: parents} if parents else {}
        content = VersionContent(emissions=emissions, derivation=derivation, **given)
        thing = described(named) if factor is None else factor
        return propose(thing, by=self.actor, company=company, content=content, reason=reason)

    def move(self, row: FactorProposal, version: int, given: dict[str, Any]) -> FactorProposal:
        """As the page does."""
        return move_proposal(row, by=self.actor, version=version, **given)


class ReleaseSerializer(serializers.ModelSerializer[FactorRelease]):
    """A frozen state of the database; its versions: ``/factor-versions/?release=NAME``."""

    class Meta:
        model = FactorRelease
        fields = ("uuid", "name", "note", "versions", "digest", "released_at")


class DifferenceSerializer(serializers.Serializer[Any]):
    """Uuids of versions: those that came, that took another's place, that went."""

    added = serializers.ListField(child=serializers.UUIDField())
    changed = serializers.ListField(child=serializers.ListField(child=serializers.UUIDField()))
    gone = serializers.ListField(child=serializers.UUIDField())


class ReleaseView(Resource):
    """Releases of the whole database."""

    serializer_class = ReleaseSerializer
    lookup_field = "name"
    lookup_value_converter = "slug"
    ordering_fields = ("id", "released_at")

    def rows(self, actor: Actor) -> QuerySet[FactorRelease]:
        """All of them."""
        return queries.releases(actor)

    def retrieve(self, request: Request, name: str) -> Response:  # type: ignore[override]
        """One of them."""
        return self.answer(self.found(name))

    @extend_schema(responses=DifferenceSerializer)
    @action(detail=True, methods=["get"], url_path="since/<slug:earlier>")
    def since(self, request: Request, name: str, earlier: str) -> Response:
        """What differs from an earlier release."""
        found = difference(self.actor, self.found(earlier), self.found(name))
        return Response(
            {
                "added": [version.uuid for version in found.added],
                "changed": [[old.uuid, new.uuid] for old, new in found.changed],
                "gone": [version.uuid for version in found.withdrawn],
            }
        )

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
from rest_framework.reverse import reverse

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.policy import can
from accounts.rest.companies import CompanyRefSerializer, company_for
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Creates, Resource
from accounts.rest.serializing import ModelSerializer
from accounts.roles import Permission
from factors import queries
from factors.actions.propose import NEW, Target, described, move_proposal, propose
from factors.actions.release import LONGEST_NOTE, difference, release_factors
from factors.api.contents import ContentWriting, ProposalWriting, written
from factors.api.saying import Says
from factors.api.serializers import EmissionSerializer
from factors.content import PARENTS, RELATION
from factors.finding_words import sentence
from factors.models import FactorProposal, FactorRelease
from factors.models.proposal import STATES
from factors.procedure import PROPOSAL
from factors.proposal_words import TURNS


class ScreeningFindingSerializer(serializers.Serializer[Any]):
    """What the screening said of a content; without its ``detail`` where a licence keeps the numbers here."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["refused", "reason", "note"])
    detail = serializers.SerializerMethodField()

    def get_detail(self, found: dict[str, Any]) -> str:
        """The sentence for people, which may state the numbers."""
        return sentence(found["code"], found["figures"]) if self.context["is_free"] else ""


class ProposalSerializer(ModelSerializer[FactorProposal]):
    """What somebody would like to see published."""

    company = CompanyRefSerializer(allow_null=True)
    factor = serializers.UUIDField(source="factor.uuid", allow_null=True, default=None)
    replaces = serializers.UUIDField(source="replaces.uuid", allow_null=True, default=None)
    published = serializers.UUIDField(source="published.uuid", allow_null=True, default=None)
    emissions = serializers.SerializerMethodField()
    geography = serializers.CharField(source="stated.geography")
    reference_year = serializers.IntegerField(source="stated.reference_year")
    scope = serializers.CharField(source="stated.scope")
    boundary = serializers.CharField(source="stated.boundary")
    source = serializers.CharField(source="stated.source")  # type: ignore[assignment]  # the field's own name
    source_locator = serializers.CharField(source="stated.source_locator")
    transcription = serializers.CharField(source="stated.transcription")
    technology = serializers.CharField(source="stated.technology")
    gwp_set = serializers.CharField(source="stated.gwp_set", allow_null=True)
    uncertainty_gsd2 = AmountField(source="stated.uncertainty_gsd2", allow_null=True)
    parents = serializers.SerializerMethodField()
    relation = serializers.SerializerMethodField()
    note_zh = serializers.CharField(source="stated.note_zh")
    note_en = serializers.CharField(source="stated.note_en")
    waits_for = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    class Meta:
        model = FactorProposal
        fields = (
            "uuid", "version", "company", "state", "round", "factor", *NEW, "kind", "unit", "emissions",
            "geography", "reference_year", "technology", "scope", "boundary", "gwp_set", "uncertainty_gsd2",
            "source", "source_locator", "transcription", "parents", "relation", "note_zh", "note_en",
            "replaces",
            "reason", "findings", "published", "waits_for", "proposed_at", "moved_at",
        )  # fmt: skip

    @extend_schema_field(EmissionSerializer(many=True))
    def get_emissions(self, proposal: FactorProposal) -> Any:
        """kg of each gas per unit; none of a source whose licence keeps them here."""
        content = proposal.stated
        return EmissionSerializer(content.emissions if self._is_free(proposal) else (), many=True).data

    @extend_schema_field(ScreeningFindingSerializer(many=True))
    def get_findings(self, proposal: FactorProposal) -> Any:
        """What the screening said."""
        context = {"is_free": self._is_free(proposal)}
        return ScreeningFindingSerializer(proposal.findings, many=True, context=context).data

    def _is_free(self, proposal: FactorProposal) -> bool:
        """Whether the licence of its source lets its numbers leave."""
        return proposal.content["source"] in self.context["free"]

    @extend_schema_field(
        serializers.ChoiceField([*dict.fromkeys(turn for turn, _words in TURNS.values()), ""])
    )
    def get_waits_for(self, proposal: FactorProposal) -> str:
        """Whose turn it is: a curator or reviewers who did not hand it in, the proposer; nobody's: empty."""
        return TURNS.get(proposal.state, ("", ""))[0]

    def get_relation(self, proposal: FactorProposal) -> str:
        """How it came from its parents; empty where that is not stated."""
        return str(proposal.stated.derivation.get(RELATION, ""))

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_parents(self, proposal: FactorProposal) -> list[str]:
        """Versions that it is derived from."""
        return [str(each) for each in proposal.stated.derivation.get(PARENTS, ())]


class NamesWriting(Writing):
    """What a new factor is called instead."""

    code = serializers.CharField(required=False, max_length=120)
    name_zh = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=200)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    cas = serializers.CharField(required=False, allow_blank=True, max_length=20)
    cpc = serializers.CharField(required=False, allow_blank=True, max_length=10)
    hs = serializers.CharField(required=False, allow_blank=True, max_length=12)


class ProposalMoveWriting(MoveWriting):
    """One move, from the version in If-Match; ``hand_in_again`` may bring a mended ``content``.

    It may also bring another version that it ``replaces`` (null: none) and, of a new factor, other names and
    codes (``names``); what is left out stays as it was.

    ``confirm`` publishes at once a further version that the alliance's office proposed, by another curator.
    """

    move = move_field(PROPOSAL)
    content = ContentWriting(required=False)
    replaces = TenantUuidField(queries.all_versions, required=False, allow_null=True)
    names = NamesWriting(required=False)


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What proposals can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=STATES, label="Where it stands")
    code = django_filters.CharFilter(label="Code of the factor")


class ProposalView(Says, Creates, Moves):
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
        names = ("company", "factor", "replaces", "reason")
        if not can(self.actor, Permission.PUBLISH_FACTOR):
            given["company"] = company_for(self.actor, given)
        company, factor, replaces, reason = (given.pop(name, None) for name in names)
        named = {name: given.pop(name, "") for name in (*NEW, "kind", "unit")}
        thing = described(named) if factor is None else factor
        return propose(
            thing, by=self.actor, company=company, content=written(given), replaces=replaces,
            reason=reason or "",
        )  # fmt: skip

    def move(self, row: FactorProposal, version: int, given: dict[str, Any]) -> FactorProposal:
        """As the page does."""
        content = given.pop("content", None)
        mended = None if content is None else written(content)
        target = None
        if "replaces" in given or "names" in given:
            replaces = given.pop("replaces", row.replaces)
            target = Target(replaces=replaces, named=given.pop("names", {}))
        return move_proposal(row, by=self.actor, version=version, content=mended, target=target, **given)


class ReleaseSerializer(ModelSerializer[FactorRelease]):
    """A frozen state of the database; its versions: ``/factor-versions/?release=NAME``."""

    class Meta:
        model = FactorRelease
        fields = ("uuid", "name", "note", "versions", "digest", "released_at")


class DifferenceSerializer(serializers.Serializer[Any]):
    """Uuids of versions: those that came, that took another's place, that went."""

    added = serializers.ListField(child=serializers.UUIDField())
    changed = serializers.ListField(child=serializers.ListField(child=serializers.UUIDField()))
    gone = serializers.ListField(child=serializers.UUIDField())


class ReleaseWriting(Writing):
    """What the present state of the database is kept as."""

    name = serializers.CharField(max_length=40, help_text="Letters a to z, digits, - and _.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class ReleaseView(Resource):
    """Releases of the whole database."""

    serializer_class = ReleaseSerializer
    writing_class = ReleaseWriting
    lookup_field = "name"
    lookup_value_converter = "slug"
    ordering_fields = ("id", "released_at")

    def rows(self, actor: Actor) -> QuerySet[FactorRelease]:
        """All of them."""
        return queries.releases(actor)

    def create(self, request: Request) -> Response:
        """Freeze every published version under a name."""
        made = release_factors(by=self.actor, **self.given(request))
        response = self.answer(self.found(made.name), 201)
        response["Location"] = reverse("factor-releases-detail", args=[made.name], request=request)
        return response

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

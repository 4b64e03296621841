"""The content of a version as clients write it, alone or as part of a proposal."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.models import Company
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from factors import queries
from factors.content import PARENTS, RELATION, Emission, Relation, VersionContent
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from factors.origins import Origin

LONGEST_LIST = 200


class EmissionWriting(Writing):
    """kg of one gas of one origin per unit."""

    gas = serializers.CharField(max_length=40)
    origin = serializers.ChoiceField([origin.value for origin in Origin], default=Origin.UNSPECIFIED.value)
    kg_per_unit = AmountField()


class ContentWriting(Writing):
    """Everything a version says about itself."""

    emissions = EmissionWriting(many=True, max_length=LONGEST_LIST)  # type: ignore[call-arg]  # of the list
    geography = serializers.CharField(max_length=20)
    reference_year = serializers.IntegerField(min_value=1900, max_value=2200)
    technology = serializers.CharField(required=False, allow_blank=True, max_length=200)
    scope = serializers.ChoiceField(FactorVersion.Scope.choices)
    boundary = serializers.ChoiceField(FactorVersion.Boundary.choices)
    gwp_set = serializers.CharField(required=False, allow_null=True, max_length=10)
    uncertainty_gsd2 = AmountField(
        required=False, allow_null=True, help_text="Square of the geometric standard deviation, from 1 on."
    )
    source = serializers.CharField(max_length=60)  # type: ignore[assignment]  # the field's own name
    source_locator = serializers.CharField(max_length=300)
    transcription = serializers.ChoiceField(Transcription.choices)
    parents = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=LONGEST_LIST,
        help_text="Versions that it is derived from; a way back to the factor itself is refused.",
    )  # fmt: skip
    relation = serializers.ChoiceField(
        [each.value for each in Relation], required=False, help_text="How it came from its parents."
    )
    note_zh = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    note_en = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ProposalWriting(ContentWriting):
    """A further version of ``factor``, or of a new one with code, names, kind and unit.

    Curators leave ``company`` out to propose for the alliance's office: of a factor that is there this is a
    correction, which another curator confirms. Others may leave it out who act for a single one.
    """

    company = TenantUuidField(
        lambda actor: Company.objects.filter(pk__in=[holding.company_id for holding in actor.holdings]),
        required=False,
    )
    factor = TenantUuidField(queries.factors, required=False)
    replaces = TenantUuidField(
        queries.all_versions, required=False,
        help_text="A version that it ends though its source, place or year is another.",
    )  # fmt: skip
    code = serializers.CharField(required=False, allow_blank=True, max_length=120)
    name_zh = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=200)
    kind = serializers.ChoiceField(Factor.Kind.choices, required=False)
    unit = serializers.CharField(required=False, max_length=20)
    category = serializers.CharField(required=False, allow_blank=True, max_length=60)
    cas = serializers.CharField(required=False, allow_blank=True, max_length=20)
    cpc = serializers.CharField(required=False, allow_blank=True, max_length=10)
    hs = serializers.CharField(required=False, allow_blank=True, max_length=12)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


def written(given: dict[str, Any]) -> VersionContent:
    """What was written, as the actions take it."""
    stated = dict(given)
    parents = [str(each) for each in stated.pop("parents", ())]
    emissions = tuple(Emission(**one) for one in stated.pop("emissions"))
    relation = stated.pop("relation", "")
    derivation = {**({PARENTS: parents} if parents else {}), **({RELATION: relation} if relation else {})}
    return VersionContent(emissions=emissions, derivation=derivation, **stated)

"""Companies and sites on the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.actions.company import KINDS
from accounts.identifiers import FIELDS
from accounts.models import Company, Site
from accounts.rest.companies import CompanyRefSerializer, own_company_field
from accounts.rest.fields import Writing
from accounts.rest.schema import example
from accounts.rest.serializing import ModelSerializer


class GroupSerializer(serializers.Serializer[Any]):
    """An ultimate parent."""

    uuid = serializers.UUIDField()
    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class CompanySerializer(ModelSerializer[Company]):
    """A company of the directory."""

    group = GroupSerializer()

    class Meta:
        model = Company
        fields = ("uuid", "code", "name_zh", "name_en", "kind", "group", "is_demonstration", *FIELDS)


class CompanyWriting(Writing):
    """What the directory says of a company; code and kind stay as they were added."""

    code = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in KINDS], required=False)
    name_zh = serializers.CharField(max_length=200)
    name_en = serializers.CharField(max_length=200)
    group = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="Code of the group; one that is not known yet is made. Empty: a group of its own.",
    )
    lei = serializers.CharField(max_length=60, required=False, allow_blank=True)
    uscc = serializers.CharField(max_length=60, required=False, allow_blank=True)
    duns = serializers.CharField(max_length=60, required=False, allow_blank=True)
    bpnl = serializers.CharField(max_length=60, required=False, allow_blank=True)


class GroupNamesWriting(Writing):
    """What a group is called; its code stays."""

    name_zh = serializers.CharField(max_length=200, required=False)
    name_en = serializers.CharField(max_length=200, required=False)


class IdentifiersWriting(Writing):
    """The numbers by which others know a company; an empty one takes it away."""

    lei = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="ISO 17442, with its check digits."
    )
    uscc = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="GB 32100-2015, with its check sign."
    )
    duns = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="Nine digits; hyphens may stand between."
    )
    bpnl = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="Catena-X: BPNL and twelve signs."
    )


class SiteSerializer(ModelSerializer[Site]):
    """A plant."""

    company = CompanyRefSerializer()

    class Meta:
        model = Site
        fields = ("uuid", "company", "code", "name_zh", "name_en", "province")


@example(
    "A plant", {"code": "JINSHAN", "name_zh": "金山基地", "name_en": "Jinshan works", "province": "CN-SH"}
)
class SiteWriting(Writing):
    """What may be said of a plant; ``company`` may be left out by those who act for one company."""

    company = own_company_field()
    code = serializers.CharField(max_length=40)
    name_zh = serializers.CharField(max_length=200, required=False, allow_blank=True)
    name_en = serializers.CharField(max_length=200, required=False, allow_blank=True)
    province = serializers.CharField(
        max_length=6, required=False, allow_blank=True, help_text="ISO 3166-2 code, for example CN-SD."
    )

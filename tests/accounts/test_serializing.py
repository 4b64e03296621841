"""Fields that are made once for each class: copies, of which each serializer has its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override
from rest_framework import serializers

from accounts.models import Company, Site
from accounts.rest.serializing import ModelSerializer
from footprint.inventory.models import Exchange


class CompanyShape(ModelSerializer[Company]):
    """With a field that looks at who asks."""

    asked_by = serializers.SerializerMethodField()

    class Meta:
        model = Company
        fields = ("code", "asked_by")

    def get_asked_by(self, company: Company) -> Any:
        return self.context["who"]


class SiteShape(ModelSerializer[Site]):
    """With a company in it, and several."""

    company = CompanyShape()
    several = CompanyShape(many=True)

    class Meta:
        model = Site
        fields = ("code", "name_zh", "company", "several")


def site() -> Site:
    company = Company(code="one")
    found = Site(company=company, code="plant", name_zh="厂")
    found.several = [company]  # type: ignore[attr-defined]
    return found


def test_fields_within_fields_know_who_asks_this_time() -> None:
    first = SiteShape(site(), context={"who": "first"})
    second = SiteShape(site(), context={"who": "second"})
    for shown, who in ((second, "second"), (first, "first")):
        assert shown.data["company"]["asked_by"] == who
        assert [each["asked_by"] for each in shown.data["several"]] == [who]


def test_what_is_changed_on_one_serializer_is_not_on_the_next() -> None:
    one = SiteShape()
    one.fields.pop("code")
    one.fields["name_zh"].read_only = True
    assert list(SiteShape().fields) == list(SiteShape.Meta.fields)
    assert SiteShape().fields["name_zh"].read_only is False
    assert all(field.parent is one for field in one.fields.values())


class LineShape(ModelSerializer[Exchange]):
    """With a choice, which has words."""

    class Meta:
        model = Exchange
        fields = ("direction",)


def test_words_are_of_the_language_they_are_read_in() -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with override(language):
            said[language] = str(LineShape().fields["direction"].choices["input"])
    assert said["zh-hans"] != said["en"]

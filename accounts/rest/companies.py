"""Whose it is: the company a thing belongs to, in and out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts import queries
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company
from accounts.rest.fields import TenantUuidField
from accounts.rest.serializing import ModelSerializer


class CompanyRefSerializer(ModelSerializer[Company]):
    """Which company, in short."""

    class Meta:
        model = Company
        fields = ("uuid", "code", "name_zh", "name_en")


def own_company_field() -> TenantUuidField:
    """The company on the way in; those who act for a single one may leave it out."""
    return TenantUuidField(queries.own_companies, required=False)


def company_for(actor: Actor, given: dict[str, Any]) -> Company:
    """The company a new thing belongs to, taken out of what was given: the one named, else the only own one.

    Raises:
        Refusal: it has to be named.
    """
    named: Company | None = given.pop("company", None)
    if named is not None:
        return named
    own = list(queries.own_companies(actor)[:2])
    if len(own) != 1:
        raise Refusal(_("Say which company it belongs to."), field="company", code="required")
    return own[0]


def refuse_moving(given: dict[str, Any], *fields: str) -> None:
    """What a thing belongs to is said once, when it is added.

    Raises:
        Refusal: one of the fields was sent with a change.
    """
    for field in fields:
        if field in given:
            message = _("This cannot change. Add a new one instead.")
            raise Refusal(message, field=field, code="fixed")

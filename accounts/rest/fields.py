"""Fields every room's REST interface uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.actor import Actor
from accounts.rest.parsing import MAX_EXPONENT
from accounts.rest.serializing import Serializer

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)
LONGEST_NUMBER = 100


@extend_schema_field(
    {
        "oneOf": [{"type": "string", "maxLength": LONGEST_NUMBER}, {"type": "number"}],
        "description": "An exact decimal number. Written as a string; a JSON number is accepted too.",
        "examples": ["1250.5"],
    }
)
class AmountField(serializers.Field[Decimal, Any, str, Any]):
    """An exact decimal: a string on the way out; a string or a number on the way in."""

    default_error_messages = {
        "not_a_number": _("Enter a number, for example 1250.5."),
        "not_finite": _("NaN and Infinity are not numbers here."),
        "too_many_digits": _("This number has too many digits."),
        "too_far": _("This number is too large or too small to be meant."),
    }

    def to_internal_value(self, data: Any) -> Decimal:
        """The decimal that was written, to the last digit."""
        if isinstance(data, Decimal):
            return data
        if isinstance(data, int) and not isinstance(data, bool):
            return Decimal(data)
        text = data.strip() if isinstance(data, str) else ""
        if NOT_FINITE.fullmatch(text):
            self.fail("not_finite")
        if len(text) > LONGEST_NUMBER:
            self.fail("too_many_digits")
        if not NUMBER.fullmatch(text):
            self.fail("not_a_number")
        found = Decimal(text)
        if abs(found.adjusted()) > MAX_EXPONENT:
            self.fail("too_far")
        return found

    def to_representation(self, value: Decimal) -> str:
        """Every digit, without an exponent."""
        return format(Decimal(value), "f")


@extend_schema_field(OpenApiTypes.UUID)
class TenantUuidField(serializers.Field[Model, Any, str, Any]):
    """A thing named by its uuid, looked for only among what the actor may know of.

    A stranger's thing and one that does not exist are refused in the same words.
    """

    default_error_messages = {
        "not_a_uuid": _("Enter a uuid."),
        "not_visible": _("No such resource, or it is not yours to see."),
    }

    def __init__(self, rows: Callable[[Actor], QuerySet[Any]], **options: Any) -> None:
        super().__init__(**options)
        self.rows = rows

    def to_internal_value(self, data: Any) -> Model:
        """The thing itself."""
        try:
            wanted = UUID(data) if isinstance(data, str) else None
        except ValueError:
            wanted = None
        if wanted is None:
            self.fail("not_a_uuid")
        found: Model | None = self.rows(self.context["actor"]).filter(uuid=wanted).first()
        if found is None:
            self.fail("not_visible")
        return found

    def to_representation(self, value: Any) -> str:
        """Its uuid."""
        return str(value.uuid)


class Writing(Serializer):
    """What may be sent: named fields and no others, so that a misspelt one is not lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """The values, once every name in the body is known."""
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        message = _("There is no such field.")
        unknown = {
            name: [ErrorDetail(str(message), code="unknown_field")] for name in given if name not in writable
        }
        if unknown:
            raise ValidationError(unknown)

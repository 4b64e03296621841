"""Model fields that keep what was entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExactDecimalField(models.Field[Any, Any]):
    """An unconstrained PostgreSQL ``numeric``: every digit typed is stored, none is added.

    Django's own DecimalField forces a fixed scale, which would round 1e-21 kg to zero and pad 5 t with
    eighteen noughts. Infinite and not-a-number values are refused here and by a check in the database.
    """

    description = _("Exact decimal number")

    def db_type(self, connection: Any) -> str:
        """The column type on PostgreSQL."""
        return "numeric"

    def get_internal_type(self) -> str:
        """Named for lookups and introspection."""
        return "DecimalField"

    # read by the PostgreSQL backend's operators for a field of internal type DecimalField
    max_digits = None
    decimal_places = None

    def to_python(self, value: object) -> Decimal | None:
        """The value as a finite Decimal.

        Raises:
            ValidationError: not a number, or not finite.
        """
        if value is None or isinstance(value, Decimal):
            return self._finite(value)
        try:
            return self._finite(Decimal(str(value)))
        except ArithmeticError as error:
            raise ValidationError(_("Enter a number."), code="invalid") from error

    def get_prep_value(self, value: Any) -> Any:
        """Decimal for psycopg; expressions pass through."""
        if hasattr(value, "resolve_expression"):
            return value
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Psycopg adapts Decimal by itself."""
        return value if prepared else self.get_prep_value(value)

    @staticmethod
    def _finite(value: Decimal | None) -> Decimal | None:
        if value is not None and not value.is_finite():
            raise ValidationError(_("Enter a finite number."), code="not_finite")
        return value

"""Sparse answers: of each thing only the fields that were asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

PARAMETER = "fields"
UNKNOWN = _("There is no such field. Known here: %(names)s.")


def narrowed(request: Request, shown: BaseSerializer[Any]) -> Any:
    """What is shown, with no more of it than ``fields`` names; all of it when nothing was asked.

    Raises:
        ValidationError: a name is none of the fields.
    """
    asked = request.query_params.get(PARAMETER)
    if asked is None or request.method != "GET":
        return shown.data
    one: Any = getattr(shown, "child", shown)
    known = one.fields
    names = [name for name in asked.split(",") if name]
    if not names or any(name not in known for name in names):
        message = str(UNKNOWN) % {"names": ", ".join(known)}
        raise ValidationError({PARAMETER: [ErrorDetail(message, code="unknown_field")]})
    if isinstance(shown.data, list):
        return [{name: row[name] for name in names} for row in shown.data]
    return {name: shown.data[name] for name in names}

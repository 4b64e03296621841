"""Lists: keyset pages that cost the same at any depth, and only the filters and orders a resource allows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError as Malformed
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sealing import Seal

PAGE_SIZE = 50
LARGEST_PAGE = 500
# a key counts the rows of all companies: who reads it sees how many others add
CURSORS = Seal("accounts.rest cursor")
TEXT = {"type": "string"}
OWN_PARAMETERS = ("limit", "cursor", "ordering", "fields")


class YearFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """A calendar year; beyond these the database knows no dates."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1900, max_value=2200, decimal_places=0, **options)


class KeysetPagination(BasePagination):
    """Pages cut by the last row's key, never by counting rows; ``next`` is null on the last page."""

    next_url: str | None = None

    def paginate_queryset(  # type: ignore[override]  # only querysets have keys to cut at
        self, queryset: QuerySet[Any], request: Request, view: Any | None = None
    ) -> list[Any]:
        """The rows of the page that was asked for."""
        limit = _limit(request.query_params.get("limit"))
        sign, field = _ordering(request.query_params.get("ordering"), view)
        rows = queryset.order_by(f"{sign}{field}", f"{sign}pk")
        if cursor := request.query_params.get("cursor"):
            rows = rows.filter(_after(cursor, sign, field))
        page = list(_first(rows, view.parts(rows) if view else [rows], limit + 1))
        if len(page) > limit:
            page = page[:limit]
            self.next_url = _next(request, page[-1], sign, field)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The rows and where to go on."""
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As ``get_paginated_response`` writes it."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri", "description": "null on the last page"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters every list understands."""
        names = [name for field in view.ordering_fields for name in (field, f"-{field}")]
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            _parameter("limit", "Rows on a page.", size),
            _parameter("fields", "Names of fields, with commas between them: no others are told.", TEXT),
            _parameter("cursor", "Taken from `next`; opaque.", TEXT),
            _parameter(
                "ordering",
                "A minus turns it round.",
                {"type": "string", "enum": names, "default": view.ordering_fields[0]},
            ),
        ]


def refuse_unknown_parameters(request: Request, allowed: Iterable[str]) -> None:
    """A misspelt filter would otherwise answer with everything.

    Raises:
        ValidationError: naming each parameter that is not allowed here.
    """
    known = {*OWN_PARAMETERS, *allowed}
    unknown = [name for name in request.query_params if name not in known]
    if any("\x00" in value for values in request.query_params.lists() for value in values[1]):
        raise ValidationError([ErrorDetail(str(_("Text may not contain the character NUL.")), code="nul")])
    if unknown:
        message = str(_("There is no such parameter. Known here: %(names)s.")) % {
            "names": ", ".join(sorted(known))
        }
        raise ValidationError({name: [ErrorDetail(message, code="unknown_parameter")] for name in unknown})


def asked_year(request: Request) -> int | None:
    """The parameter ``year`` of what is no list, checked as the filter of that name is.

    Raises:
        ValidationError: it is no year.
    """
    try:
        year = YearFilter(required=False).field.clean(request.query_params.get("year"))
    except Malformed as error:
        details = [ErrorDetail(message, code="invalid") for message in error.messages]
        raise ValidationError({"year": details}) from error
    return None if year is None else int(year)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _first(rows: QuerySet[Any], parts: Sequence[QuerySet[Any]], number: int) -> QuerySet[Any]:
    """The first rows; of several parts the first keys of each, by its own index, are put together."""
    if len(parts) == 1:
        return rows[:number]
    order = rows.query.order_by
    first, *others = (part.values_list(*(str(name).lstrip("-") for name in order))[:number] for part in parts)
    found = first.union(*others, all=True).order_by(*order)[:number]
    return rows.filter(pk__in=[key for _value, key in found])


def _limit(asked: str | None) -> int:
    if asked is None:
        return PAGE_SIZE
    if asked.isascii() and asked.isdigit() and len(asked) <= 4 and 1 <= int(asked) <= LARGEST_PAGE:
        return int(asked)
    message = str(_("Enter a whole number from 1 to %(largest)d.")) % {"largest": LARGEST_PAGE}
    raise ValidationError({"limit": [ErrorDetail(message, code="invalid")]})


def _ordering(asked: str | None, view: Any) -> tuple[str, str]:
    allowed: tuple[str, ...] = view.ordering_fields
    wanted = asked or allowed[0]
    if wanted.removeprefix("-") not in allowed:
        message = str(_("Choose one of: %(names)s.")) % {"names": ", ".join(allowed)}
        raise ValidationError({"ordering": [ErrorDetail(message, code="unknown_choice")]})
    return ("-" if wanted.startswith("-") else ""), wanted.removeprefix("-")


def _next(request: Request, last: Model, sign: str, field: str) -> str:
    value = getattr(last, field)
    plain = str(value) if isinstance(value, UUID | date) else value
    query = request.query_params.copy()
    query["cursor"] = CURSORS.seal(json.dumps([sign + field, plain, last.pk]))
    return request.build_absolute_uri(f"?{query.urlencode()}")


def _after(cursor: str, sign: str, field: str) -> Q:
    """The rows behind the cursor. The first condition alone lets the index find them."""
    try:
        ordering, value, pk = json.loads(CURSORS.unseal(cursor) or "")
        if ordering != sign + field:
            raise Malformed("a cursor of another order")
    except (Malformed, ValueError) as error:
        message = _("This cursor is not one of this list. Begin again without it.")
        raise ValidationError({"cursor": [ErrorDetail(str(message), code="invalid_cursor")]}) from error
    beyond = "lt" if sign else "gt"
    tied = Q(**{field: value, f"pk__{beyond}": pk})
    return Q(**{f"{field}__{beyond}e": value}) & (Q(**{f"{field}__{beyond}": value}) | tied)

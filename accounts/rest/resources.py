"""Resources: list and detail, create, change and remove, each one query or one action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.fields import Writing
from accounts.rest.lists import KeysetPagination, refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.sparse import narrowed
from accounts.rest.versions import asked_version, check_digest, digest_etag, etag


class Resource(GenericViewSet[Any]):
    """List and detail of what ``rows`` returns for the actor."""

    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    pagination_class = KeysetPagination
    schema = ResourceSchema()
    ordering_fields: tuple[str, ...] = ("id",)
    writing_class: type[Writing] | None = None

    @property
    def actor(self) -> Actor:
        """Who is asking."""
        return actor_in(self.request)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What the actor may read here."""
        raise NotImplementedError

    def parts(self, rows: QuerySet[Any]) -> Sequence[QuerySet[Any]]:
        """Rows that are found by different conditions, without one in common: each has its own index."""
        return [rows]

    def get_queryset(self) -> QuerySet[Any]:
        """The framework's name for ``rows``."""
        return self.rows(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        """Fields look things up as the actor."""
        return {**super().get_serializer_context(), "actor": actor_in(self.request) if self.request else None}

    def list(self, request: Request) -> Response:
        """A page of rows."""
        filters = getattr(self, "filterset_class", None)
        refuse_unknown_parameters(request, filters.base_filters if filters else ())
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(narrowed(request, self.shown(page, many=True)))

    def retrieve(self, request: Request, **key: UUID | str) -> Response:
        """One row."""
        return self.answer(self.found(key[self.lookup_field]))

    def found(self, key: UUID | str) -> Any:
        """The row of this uuid, or code; one that may not be seen does not exist."""
        # one row needs no order, and whatever sorts compares every column that it selects
        rows = self.get_queryset().filter(**{self.lookup_field: key}).order_by()[:1]
        if not rows:
            raise Http404
        return rows[0]

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """As it is written for the reader; the place to look up what belongs to all rows at once."""
        return self.get_serializer(rows, many=many)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row with its ETag."""
        headers = {"ETag": etag(row.version)} if hasattr(row, "version") else {}
        return Response(narrowed(self.request, self.shown(row)), status=code, headers=headers)

    def given(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        """What was sent, once it has the right shape."""
        if self.writing_class is None:
            raise NotImplementedError
        return self.shaped(self.writing_class, request, partial=partial)

    def shaped(
        self, writing_class: type[Writing], request: Request, *, partial: bool = False
    ) -> dict[str, Any]:
        """What was sent, in the shape of a body that has its own class."""
        body = writing_class(data=request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def written(self, row: Any) -> None:
        """After every write, still inside its transaction."""


class Creates(Resource):
    """POST to the list."""

    def add(self, given: dict[str, Any]) -> Any:
        """Call the action."""
        raise NotImplementedError

    def create(self, request: Request) -> Response:
        """Add a row."""
        row = self.add(self.given(request))
        self.written(row)
        response = self.answer(self.found(row.uuid), status.HTTP_201_CREATED)
        response["Location"] = reverse(f"{self.basename}-detail", args=[row.uuid], request=request)
        return response


class Changes(Resource):
    """PATCH of one row, from a version of it."""

    def change(self, row: Any, version: int, given: dict[str, Any]) -> Any:
        """Call the action."""
        raise NotImplementedError

    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Change a row."""
        row = self.found(uuid)
        version = asked_version(request)
        self.change(row, version, self.given(request, partial=True))
        self.written(row)
        return self.answer(self.found(uuid))


class ChangesFromTag(Resource):
    """PATCH of one row that counts no versions: its tag is made of all that is said of it."""

    def change(self, row: Any, given: dict[str, Any]) -> None:
        """Call the action."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """Held while a row is changed, because two changes could start from one tag."""
        rows = super().get_queryset()
        return rows.select_for_update(of=("self",)) if self.request.method == "PATCH" else rows

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """One row with its tag, which is of the whole row even where few fields are asked for."""
        response = super().answer(row, code)
        response["ETag"] = digest_etag(self.shown(row).data)
        return response

    def partial_update(self, request: Request, **key: UUID | str) -> Response:
        """Change a row."""
        row = self.found(key[self.lookup_field])
        check_digest(request, self.shown(row).data)
        self.change(row, self.given(request, partial=True))
        self.written(row)
        return self.answer(self.found(key[self.lookup_field]))


class Removes(Resource):
    """DELETE of one row, from a version of it."""

    def remove(self, row: Any, version: int) -> None:
        """Call the action."""
        raise NotImplementedError

    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Remove a row."""
        row = self.found(uuid)
        self.remove(row, asked_version(request))
        self.written(row)
        return Response(status=status.HTTP_204_NO_CONTENT)

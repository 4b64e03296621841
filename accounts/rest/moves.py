"""Moves over REST: a thing goes on by its procedure, from a version of it, in one shape for every room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.versions import asked_version
from accounts.review import Procedure

LONGEST_REASON = 2000


def move_field(procedure: Procedure) -> serializers.ChoiceField:
    """The moves of a procedure that people make."""
    return serializers.ChoiceField([move.name for move in procedure.moves if move.permission is not None])


class MoveWriting(Writing):
    """One move, from the version in If-Match; rooms add the field ``move`` and what their moves need."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON)


class Moves(Resource):
    """POST to ``moves/`` of one row."""

    move_writing_class: type[MoveWriting]

    def move(self, row: Any, version: int, given: dict[str, Any]) -> Any:
        """Call the action."""
        raise NotImplementedError

    @action(detail=True, methods=["post"], url_path="moves")
    def moves(self, request: Request, **named: UUID | str) -> Response:
        """Move it on, or be told what stands in the way; answers what became of it."""
        row = self.found(named[self.lookup_field])
        version = asked_version(request)
        moved = self.move(row, version, self.shaped(self.move_writing_class, request))
        # who declined something may not see it any more, only what became of it
        return self.answer(self.get_queryset().filter(**named).first() or moved)

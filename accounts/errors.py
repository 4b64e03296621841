"""Named refusals: what happened, at which row and field, in words a member can act on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise

Text = str | Promise
AWAY = (OperationalError, InterfaceError)
"""What a database raises that is away, restarts, or has no room: nothing was changed, ask again."""


class Refusal(Exception):
    """One thing wrong with what was asked; nothing was changed.

    Attributes:
        message: the sentence shown to the person, lazily translated.
        field: the name of the input at fault, if one is.
        row: the row of a list or file at fault, if one is (as people count, from 1).
        listed: the list in the body that ``row`` counts in.
        code: a stable machine word for the API.
        status: the HTTP status a door answers with.
    """

    code = "refused"
    status = 422
    listed = "lines"

    def __init__(
        self,
        message: Text,
        *,
        field: str | None = None,
        row: int | str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Refusals(Exception):
    """Several refusals found together, so that a person can mend them in one go."""

    status = 422

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(str(refusal) for refusal in refusals))
        self.refusals = list(refusals)


class NotAllowed(Refusal):
    """The person is known and may see the thing, but may not do this with it."""

    code = "not_allowed"
    status = 403


class Stale(Refusal):
    """The thing was changed by somebody else since it was read."""

    code = "stale"
    status = 412

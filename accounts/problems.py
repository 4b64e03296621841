"""What a machine is told when something is refused: RFC 9457 problem details.

Every error of the REST interface has this shape, whatever raised it. ``errors`` names each fault with a JSON
pointer into the body that was sent, so that an ERP can show it beside the row and field it came from.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts.errors import AWAY, Refusal, Refusals, Text

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
# fields that are lists themselves: their rows are not those of a bulk of lines
LISTS = frozenset({"shares"})
TYPE_PREFIX = "urn:problem-type:"
TITLES: dict[int, Text] = {
    400: _("The request cannot be read"),
    401: _("Please sign in"),
    403: _("You may not do this"),
    404: _("There is nothing here"),
    405: _("This is not possible here"),
    409: _("This contradicts what is stored"),
    412: _("Somebody else changed this in the meantime"),
    415: _("This address takes no such body"),
    422: _("Something in the request is not right"),
    428: _("Say which version you are changing"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
}
TYPES: dict[int, str] = {
    400: "unreadable",
    401: "unauthenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    412: "stale",
    415: "unsupported-media-type",
    422: "refused",
    428: "version-required",
    429: "too-many-requests",
    500: "internal",
}
SENTENCES: tuple[tuple[tuple[type[Exception], ...], int, Text], ...] = (
    ((Http404, exceptions.NotFound), 404, _("No such resource, or it is not yours to see.")),
    ((PermissionDenied,), 403, _("You may not do this.")),
    ((RequestDataTooBig,), 400, _("The body is too long; send it in parts.")),
    ((IntegrityError,), 409, _("This contradicts what is stored; somebody may have just changed it.")),
)


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and where."""

    pointer: str
    field: str | None
    row: int | str | None
    code: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """What is answered."""

    status: int
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


class VersionRequired(Refusal):
    """A change must say which version of the thing it was made from."""

    code = "version_required"
    status = 428


class Unreadable(Refusals):
    """The body is not the JSON we accept; each refusal's ``field`` is already a JSON pointer."""

    status = 400


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's exception handler: every exception becomes a problem.

    None where the database went away: that goes on to the middleware, which asks to come back later.
    """
    if isinstance(exc, AWAY):
        return None
    request = context.get("request")
    problem = problem_of(exc)
    # without a body there is nothing to point into: the field is a parameter of the query
    points = getattr(request, "method", "") not in SAFE_METHODS
    if problem.status == 500:
        logger.error("unexpected error at %s", getattr(request, "path", "?"), exc_info=exc)
    body = _told(problem, getattr(request, "path", ""), points=points)
    return Response(
        body, status=problem.status, headers=dict(problem.headers) or None, content_type=CONTENT_TYPE
    )


def problem_reply(request: HttpRequest, error: Exception) -> HttpResponse:
    """The same for what is refused, or breaks, before any view is asked."""
    problem = problem_of(error)
    body = _told(problem, request.path, points=False)
    return JsonResponse(body, status=problem.status, content_type=CONTENT_TYPE)


def _told(problem: Problem, path: str, *, points: bool) -> dict[str, Any]:
    return {
        "type": TYPE_PREFIX + TYPES.get(problem.status, "refused"),
        "title": str(TITLES.get(problem.status, TITLES[422])),
        "status": problem.status,
        "detail": problem.detail,
        "instance": path,
        "errors": [asdict(fault if points else replace(fault, pointer="")) for fault in problem.faults],
    }


def problem_of(exc: Exception) -> Problem:
    """The problem an exception tells of."""
    if isinstance(exc, Unreadable):
        return Problem(400, str(exc), [_of_unreadable(refusal) for refusal in exc.refusals])
    if isinstance(exc, Refusals):
        return Problem(_status(exc), _summary(exc), [_of_refusal(refusal) for refusal in exc.refusals])
    if isinstance(exc, Refusal):
        return Problem(exc.status, str(exc), [_of_refusal(exc)])
    for kinds, status, sentence in SENTENCES:
        if isinstance(exc, kinds):
            return Problem(status, str(sentence))
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    return Problem(500, str(_("The error was recorded. Nothing was changed.")))


def _of_framework(exc: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(exc, exceptions.ValidationError):
        faults = list(_of_details(exc.detail, ()))
        return Problem(400, faults[0].detail if len(faults) == 1 else _count(len(faults)), faults, headers)
    return Problem(exc.status_code, str(exc.detail), (), headers)


def _of_details(details: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """The faults in REST framework's nested details, with their way through the body."""
    if isinstance(details, Mapping):
        for key, value in details.items():
            inner = path if key == api_settings.NON_FIELD_ERRORS_KEY else (*path, key)
            yield from _of_details(value, inner)
    elif isinstance(details, list):
        for index, value in enumerate(details):
            nested = isinstance(value, Mapping | list)
            yield from _of_details(value, (*path, index) if nested else path)
    else:
        yield Fault(
            pointer=pointer(path),
            field=_last_name(path),
            row=next((part + 1 for part in path if isinstance(part, int)), None),
            code=getattr(details, "code", "invalid"),
            detail=str(details),
        )


def _of_refusal(refusal: Refusal) -> Fault:
    named = refusal.field or ""
    path: tuple[str | int, ...] = tuple(named.split(".")) if named else ()
    if isinstance(refusal.row, int):
        path = (named, refusal.row - 1) if named in LISTS else (refusal.listed, refusal.row - 1, *path)
    return Fault(
        pointer=pointer(path),
        field=refusal.field,
        row=refusal.row,
        code=refusal.code,
        detail=str(refusal),
    )


def _of_unreadable(refusal: Refusal) -> Fault:
    where = refusal.field or ""
    return Fault(where, where.rpartition("/")[2] or None, None, refusal.code, str(refusal))


def _status(refusals: Refusals) -> int:
    """The status all agree on, else 422."""
    statuses = {refusal.status for refusal in refusals.refusals}
    return statuses.pop() if len(statuses) == 1 else refusals.status


def _summary(refusals: Refusals) -> str:
    return str(refusals.refusals[0]) if len(refusals.refusals) == 1 else _count(len(refusals.refusals))


def _count(number: int) -> str:
    return str(_("%(number)d things are not right; nothing was stored.")) % {"number": number}


def _last_name(path: Sequence[str | int]) -> str | None:
    return next((part for part in reversed(path) if isinstance(part, str)), None)


def pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901); the empty one is the whole body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)

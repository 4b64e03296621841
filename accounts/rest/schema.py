"""How resources describe themselves in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers

Shape = TypeVar("Shape")
ANY_UUID = "4a6f0c9e-3a0b-4f0e-9a0e-0f6d2f1c7b11"
"""Of nothing: stands in examples for a uuid of one's own."""
PROBLEM = "application/problem+json"
WRITES = ("POST", "PATCH", "PUT", "DELETE")
STANDARD = ("list", "retrieve", "create", "partial_update", "destroy")
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the version the change was made from, for example `"3"`.',
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A fresh UUID. Sent again with the same body it gets the first reply and does nothing twice.",
)
REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="`true` when this is the reply to an earlier request with the same key.",
)
FIELDS = OpenApiParameter(
    "fields", str, description="Names of fields, with commas between them: no others are told."
)
ETAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="The version.")


@extend_schema_field({"type": ["integer", "string", "null"], "description": "Row of a list, from 1."})
class RowField(serializers.ReadOnlyField):
    """The row of a list or file, as people count."""


class FaultSerializer(serializers.Serializer[Any]):
    """One thing wrong, and where."""

    pointer = serializers.CharField(
        help_text="JSON pointer into the body; empty: all of it.", allow_blank=True
    )
    field = serializers.CharField(allow_null=True)
    row = RowField()
    code = serializers.CharField(help_text="A stable word for machines.")
    detail = serializers.CharField(help_text="A sentence for people, in the language asked for.")


class ProblemSerializer(serializers.Serializer[Any]):
    """What is answered when something is refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # the problem's own member of that name


def example(name: str, body: Mapping[str, Any]) -> Callable[[type[Shape]], type[Shape]]:
    """A body that the document shows and the console fills in: it can be sent once uuids are one's own."""
    shown = OpenApiExample(name, body, request_only=True)
    return extend_schema_serializer(examples=[shown])


class ResourceSchema(AutoSchema):
    """One serializer in, another out, a version on changes, problems on refusals."""

    def get_request_serializer(self) -> Any:
        """What may be sent."""
        if self.method not in ("POST", "PATCH"):
            return None
        name = "move_writing_class" if self._is_move() else "writing_class"
        writing = getattr(self.view, name, None)
        return writing(partial=self.method == "PATCH") if writing else super().get_request_serializer()

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        """What may come back, problems included, however a view declares its own answers."""
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        for code, text in self._problems().items():
            problem = OpenApiResponse(ProblemSerializer, text)
            answers[str(code)] = self._get_response_for_code(problem, str(code), [PROBLEM], direction)  # type: ignore[no-untyped-call]
        return answers

    def get_override_parameters(self) -> list[Any]:
        """Versions in and out."""
        parameters = list(super().get_override_parameters())
        if self._is_from_a_version():
            parameters.append(IF_MATCH)
        if self.method == "POST":
            parameters += [IDEMPOTENCY_KEY, REPLAYED]
        if self.method == "GET" and getattr(self.view, "action", None) == "retrieve":
            parameters.append(FIELDS)
        if self.method in ("POST", "PATCH") or "{uuid}" in self.path:
            parameters.append(ETAG)
        return parameters

    def get_tags(self) -> list[str]:
        """By resource."""
        return self._tokenize_path()[:1]

    def get_description(self) -> str:  # type: ignore[override]
        """The sentence in the view, the same for all its operations; a further operation has its own."""
        action = getattr(self.view, "action", None)
        described = getattr(self.view, action) if action and action not in STANDARD else type(self.view)
        return (described.__doc__ or "").strip()

    def _is_move(self) -> bool:
        return getattr(self.view, "action", None) == "moves"

    def _is_from_a_version(self) -> bool:
        return self.method in ("PATCH", "PUT", "DELETE") or (self.method == "POST" and self._is_move())

    def _problems(self) -> dict[int, str]:
        codes = {400: "Unreadable", 401: "Not signed in", 403: "Not allowed", 429: "Too many requests"}
        if "{" in self.path:
            codes[404] = "Not found"
        if self.method in ("POST", "PATCH", "PUT"):
            codes[415] = "Not JSON"
        if self.method == "POST":
            codes[409] = "In flight, or contradicted by what is stored"
        if self.method in WRITES or getattr(self.view, "refuses", False):
            codes[422] = "Refused"
        if IF_MATCH in self.get_override_parameters():
            codes |= {412: "Stale", 428: "If-Match is missing"}
        return codes


class ActorAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """OAuth2 client credentials for machines, the session for people."""

    target_class = "accounts.authentication.ActorAuthentication"
    name = ["clientCredentials", "session"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """Either of them."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        """Both ways to be known."""
        flow = {"tokenUrl": "/oauth/token/", "scopes": {"read": "Read", "write": "Write"}}
        return [
            {
                "type": "oauth2",
                "flows": {"clientCredentials": flow},
                "description": _("Id and secret of a machine client of your company. Choose what it may do."),
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": _("Whoever is signed in here is known by that: nothing is to be entered."),
            },
        ]


def without_empty_choices(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Anything at all is null, too: "either anything or null" would refuse null, which is both."""

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("oneOf") == [{}, {"type": "null"}]:
                del node["oneOf"]
            node = list(node.values())
        if isinstance(node, list):
            for each in node:
                walk(each)

    walk(result)
    return result

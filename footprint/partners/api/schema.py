"""What the extension of our footprints holds, for whoever validates one.

PACT 3.0, DataModelExtension: ``dataSchema`` is the address of a JSON Schema by which ``data`` is valid.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from footprint.publication.content import FORMAT

BASE64URL = "[A-Za-z0-9_-]+"
DECLARATION = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Declaration of a product carbon footprint, signed",
    "type": "object",
    "required": ["format", "jws"],
    "properties": {
        "format": {"const": FORMAT},
        "jws": {
            "type": "string",
            "pattern": rf"^{BASE64URL}\.{BASE64URL}\.{BASE64URL}$",
            "description": "The declaration as it was published, in compact serialization (RFC 7515). "
            "Its header names the key, which is at /.well-known/jwks.json.",
        },
    },
}


@require_safe
def declaration(request: HttpRequest) -> JsonResponse:
    """The schema, with the address it was asked at."""
    return JsonResponse(
        {"$id": request.build_absolute_uri(), **DECLARATION}, content_type="application/schema+json"
    )

"""What the extension of our footprints holds, for whoever validates one.

PACT 3.0, DataModelExtension: ``dataSchema`` is the address of a JSON Schema by which ``data`` is valid.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from footprint.inventory.models import Exchange
from footprint.partners.pact.levels import STAGES_FORMAT
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


DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
STAGES = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A product carbon footprint by life-cycle stage",
    "description": "kg CO2e per declared unit, cradle to gate; the stages sum to the total.",
    "type": "object",
    "required": ["format", "characterizationFactors", "total", "stages"],
    "properties": {
        "format": {"const": STAGES_FORMAT},
        "characterizationFactors": {"type": "string"},
        "total": DECIMAL,
        "stages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["stage", "kgCO2e"],
                "properties": {"stage": {"enum": Exchange.Stage.values}, "kgCO2e": DECIMAL},
            },
        },
    },
}


@require_safe
def stages(request: HttpRequest) -> JsonResponse:
    """As ``declaration``, of the extension by stage."""
    return JsonResponse(
        {"$id": request.build_absolute_uri(), **STAGES}, content_type="application/schema+json"
    )


@require_safe
def declaration(request: HttpRequest) -> JsonResponse:
    """The schema, with the address it was asked at."""
    return JsonResponse(
        {"$id": request.build_absolute_uri(), **DECLARATION}, content_type="application/schema+json"
    )

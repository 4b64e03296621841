"""The examples of the document, which the console fills in: valid by their schemas, stored when sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from accounts.rest.schema import ANY_UUID
from tests import interface
from tests.api.conftest import World

WHOLE = "urn:document"
JSON = "application/json"
FIRST_CALLS = (
    "products/",
    "inventories/",
    "unit-processes/",
    "exchanges/",
    "inventories/{uuid}/exchanges/",
    "inventories/{uuid}/openlca-files/",
    "exchanges/{uuid}/prices/{year}/",
    "footprints/{uuid}/what-if/",
    "scenarios/",
    "upserts/products/",
)
"""What an ERP sends first."""


def _operation(path: str) -> tuple[str, dict[str, Any]]:
    operations = interface.document()["paths"][f"/api/v1/{path}"]
    method = "post" if "post" in operations else "put"
    return method, operations[method]


def _examples(operation: dict[str, Any]) -> list[Any]:
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    return [each["value"] for each in content.get("examples", {}).values()]


def test_every_example_is_what_its_schema_allows() -> None:
    document = interface.document()
    known = Registry().with_resource(WHOLE, DRAFT202012.create_resource(document))
    seen = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for body in _examples(operation):
                place = ("paths", path, method, "requestBody", "content", JSON, "schema")
                pointer = "/".join(
                    quote(each.replace("~", "~0").replace("/", "~1"), safe="~") for each in place
                )
                schema = {"$ref": f"{WHOLE}#/{pointer}"}
                Draft202012Validator(schema, registry=known).validate(body)
                seen += 1
    assert seen >= 20


@pytest.mark.parametrize("path", FIRST_CALLS)
def test_what_the_console_fills_in_is_stored(world: World, path: str) -> None:
    """With the uuids of one's own things in place, as a reader puts them there."""
    method, operation = _operation(path)
    (body,) = _examples(operation)
    own = {
        "site": world.site,
        "inventory": world.inventory,
        "process": world.cracker,
        "exchange": world.power,
        "product": world.ethylene,
    }
    sent = json.dumps(body).replace('"process": "CRACKER-1"', f'"process": "{world.cracker.code}"')
    for name, thing in own.items():
        sent = sent.replace(f'"{name}": "{ANY_UUID}"', f'"{name}": "{thing.uuid}"')
    assert ANY_UUID not in sent
    if path == "footprints/{uuid}/what-if/":
        (figure,) = world.erp.get(f"footprints/?product={world.ethylene.uuid}").json()["results"]
        path = path.format(uuid=figure["uuid"])
    of = world.made if path.startswith("exchanges/") else world.inventory
    address = path.format(uuid=of.uuid, year=2025)
    headers = {"If_Match": f'"{of.version}"'} if method == "put" else {}
    answer = world.erp.call(method.upper(), address, sent.encode(), **headers)
    assert answer.status_code in (200, 201, 202), answer.content.decode()

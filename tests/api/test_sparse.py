"""Sparse fields, changes since a moment, and every example of the document against its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from footprint.calculation.ledger import drain
from tests.api.conftest import World
from tests.interface import document


def test_no_more_is_told_than_was_asked_for(world: World) -> None:
    rows = world.erp.get("products/?fields=code,uuid&limit=2").json()
    assert [list(row) for row in rows["results"]] == [["code", "uuid"]] * 2
    assert list(world.erp.get(rows["next"]).json()["results"][0]) == ["code", "uuid"]
    one = world.erp.get(f"products/{world.ethylene.uuid}/?fields=version")
    assert one.json() == {"version": 1}
    assert one["ETag"] == '"1"'


def test_a_tag_made_of_what_is_said_is_of_all_that_is_said(world: World) -> None:
    path = f"sites/{world.erp.get('sites/').json()['results'][0]['uuid']}/"
    assert world.erp.get(f"{path}?fields=code")["ETag"] == world.erp.get(path)["ETag"]


def test_a_partners_product_is_narrowed_as_well(world: World) -> None:
    told = world.erp.get(f"products/{world.offered.uuid}/?fields=code,unit").json()
    assert told == {"code": "naphtha-out", "unit": "t"}


@pytest.mark.parametrize("asked", ["code,nothing", "", ",", "company.code"])
def test_a_field_that_is_none_is_refused(world: World, asked: str) -> None:
    for path in ("products/", f"products/{world.ethylene.uuid}/"):
        answer = world.erp.get(f"{path}?fields={asked}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "fields"


def test_a_mirror_reads_what_was_computed_since(world: World) -> None:
    last = world.erp.get("footprints/?since=2000-01-01T00:00:00Z").json()["results"][-1]["computed_at"]
    since = f"footprints/?since={last.replace('+', '%2B')}"
    assert world.erp.get(since).json()["results"] == []
    world.feed.amount = 1000
    world.feed.save()
    drain()
    assert [row["product"]["code"] for row in world.erp.get(since).json()["results"]] == ["ethylene"]


def examples() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every example of a body in the document, with the schema it is an example of."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            if not isinstance(operation, dict):
                continue
            bodies = [operation.get("requestBody", {}), *operation.get("responses", {}).values()]
            for body in bodies:
                for content in body.get("content", {}).values():
                    for name, example in content.get("examples", {}).items():
                        yield f"{method} {path} {name}", example["value"], content["schema"]


EXAMPLES = list(examples())


def test_there_are_examples_of_every_body_of_rows() -> None:
    for kind in ("products", "activities", "production-volumes", "bills-of-material"):
        assert any(f"post /api/v1/upserts/{kind}/" in name for name, _value, _schema in EXAMPLES)


@pytest.mark.parametrize(
    ("value", "schema"), [each[1:] for each in EXAMPLES], ids=[each[0] for each in EXAMPLES]
)
def test_an_example_is_one_of_its_schema(value: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": document()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)

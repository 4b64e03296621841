"""The OpenAPI document: valid, current, served, and what it promises holds."""

from __future__ import annotations

import itertools
import json
import math
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import get_language, override
from hypothesis.errors import InvalidArgument, Unsatisfiable
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.errors import SerializationNotPossible

from alliance.pages import api_docs
from tests import interface
from tests.api.conftest import World

WHOLE = "urn:document"
DOCUMENT = Path(settings.BASE_DIR, "docs/openapi.yaml")
REQUESTS = int(os.environ.get("GENERATED_REQUESTS", "1000"))
PART, PARTS = map(int, os.environ.get("DOCUMENT_PART", "0/1").split("/"))
"""Which of how many parts of the operations are asked for here: bench_document.py runs them side by side."""
STATEFUL = int(os.environ.get("STATEFUL_REQUESTS", "150"))
MOST_FOLLOWED = 5
"""Of a resource, so many of the latest rows are asked about further."""
METHODS = {"get", "post", "put", "patch", "delete"}


def test_document_is_current(tmp_path: Path) -> None:
    """`manage.py spectacular --lang en --file docs/openapi.yaml` writes it anew."""
    fresh = tmp_path / "openapi.yaml"
    with override("en"):
        call_command("spectacular", "--lang", "en", "--fail-on-warn", "--validate", "--file", str(fresh))
    assert fresh.read_text() == DOCUMENT.read_text()


def test_document_is_openapi_3_1() -> None:
    document = interface.document()
    assert document["openapi"].startswith("3.1")
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) >= 39
    assert all("401" in operation["responses"] for operation in operations)


def test_document_and_page_are_served_from_here(db: None, client: Client) -> None:
    answer = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    page = client.get("/api/docs/")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in policy
    assert not re.search(r"script-src[^;]*unsafe-inline", policy)
    text = page.content.decode()
    assert not re.search(r"(src|href)=\"https?:", text)
    assert not re.search(r"<script(?![^>]*src=)", text)


def test_it_is_made_once_for_a_language_whatever_is_named(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask, and making it takes seconds."""
    made: list[str | None] = []

    def get_schema(*_: Any, **__: Any) -> dict[str, Any]:
        made.append(get_language())
        return {"openapi": "3.1.1"}

    monkeypatch.setattr(api_docs.SchemaGenerator, "get_schema", get_schema)
    monkeypatch.setattr(api_docs, "_written", cache(api_docs._written.__wrapped__))
    for name in ("en", "zh-hans", "en", "no-such-language", "../..", "x" * 900):
        assert client.get("/api/schema/", {"lang": name, "version": name}).status_code == 200
    assert sorted(made) == ["en", "zh-hans"]


def _calls(document: dict[str, Any], count: int) -> Iterator[tuple[Any, Any]]:
    """Requests a generator makes of the document, one of each operation in turn.

    Examples, boundary values, values just beyond them; then whatever the schemas allow, or do not.
    """
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()][PART::PARTS]
    part = math.ceil(count / len(operations))
    for cases in itertools.zip_longest(*(_cases(schema, operation, part) for operation in operations)):
        yield from ((case.operation, case) for case in cases if case is not None)


def _cases(schema: Any, operation: Any, count: int) -> Iterator[Any]:
    cases = schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=schema.config.generation
    )
    left = count
    for case in itertools.islice(cases, count):
        left -= 1
        yield case
    yield from _drawn(operation, left) if left else ()


def _drawn(operation: Any, count: int) -> list[Any]:
    """So many requests of every kind that the document's schemas allow, or do not."""
    found: list[Any] = []

    def collect(case: Any) -> None:
        found.append(case)

    for mode in GenerationMode:
        drawing = hypothesis.settings(
            max_examples=max(1, count // 2),
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
            database=None,
            deadline=None,
            derandomize=True,
        )
        with suppress(Unsatisfiable, InvalidArgument, SerializationNotPossible):
            drawing(hypothesis.given(operation.as_strategy(generation_mode=mode))(collect))()
    return found[:count]


@dataclass
class Learned:
    """What answers told so far, for requests that follow: identifiers by resource, versions by address."""

    identifiers: dict[str, list[str]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    followed: int = 0

    def identifier(self, path: str, number: int) -> str | None:
        """One of the resource of an address, the latest ones more often; none where nothing is known."""
        found = self.identifiers.get(_resource(path), [])
        if not found or number % 10 == 9:  # now and then what was drawn
            return None
        self.followed += 1
        return found[-1 - number % min(len(found), MOST_FOLLOWED)]

    def hear(self, operation_path: str, path: str, answer: Any) -> None:
        """Take note of what an answer names."""
        if tag := answer.headers.get("ETag"):
            self.tags[path] = tag
        if answer.status_code not in (200, 201) or answer.headers["Content-Type"] != "application/json":
            return
        told = answer.json()
        rows = told.get("results", [told]) if isinstance(told, dict) else []
        if operation_path.count("{") > 1:
            return
        known = self.identifiers.setdefault(_resource(path), [])
        for row in rows:
            uuid = row.get("uuid") if isinstance(row, dict) else None
            if isinstance(uuid, str) and uuid not in known:
                known.append(uuid)


def _resource(path: str) -> str:
    return path.split("/")[3] if path.count("/") > 3 else path


def _run(world: World, count: int, learned: Learned | None) -> Counter[int]:
    """Send generated requests and look at every answer; how often each status came."""
    document, begun = interface.read_yaml(DOCUMENT), time.monotonic()  # requests are generated in it
    known = {"uuid": [str(world.feed.uuid), str(world.ethylene.uuid), str(world.inventory.uuid)]}
    statuses: Counter[int] = Counter()
    promised = Registry().with_resource(WHOLE, DRAFT202012.create_resource(document))
    for path, operations in document["paths"].items():
        if learned and "get" in operations and "{" not in path:  # a list tells what there is at the start
            learned.hear(path, path, world.erp.get(path))
    for number, (operation, case) in enumerate(_calls(document, count)):
        path = operation.path
        for name, given in (case.path_parameters or {}).items():
            chosen: Any = known.get(name, [str(given)])
            value = learned.identifier(path, number) if learned and name == "uuid" else None
            value = value or str(chosen[number % len(chosen)])
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = urlencode(dict(case.query or {}), doseq=True)
        body = None if isinstance(case.body, NotSet) else case.body
        drawn = str((case.headers or {}).get("If-Match", '"1"')).replace("\n", "")
        headers = {"If_Match": learned.tags.get(path, drawn) if learned else drawn}
        answer = world.erp.call(case.method, f"{path}?{query}", body, **headers)
        statuses[answer.status_code] += 1
        where = f"{case.method} {path}?{query} {body!r:.300}: {answer.content[:300]!r}"
        assert answer.status_code < 500, where
        if learned:
            learned.hear(operation.path, path, answer)
        if case.method.lower() in document["paths"][operation.path] and answer.content:
            _check_shape(document, promised, (operation.path, case.method.lower()), answer, where)
    told = {"sent": statuses.total(), "seconds": time.monotonic() - begun}
    print("\n" + json.dumps({**told, "statuses": statuses}))
    assert sum(statuses.values()) >= 0.9 * count  # a few operations know fewer questions
    return statuses


def test_generated_requests_meet_no_error_of_ours(world: World) -> None:
    """No 5xx; every status is one the document promises; problems and answers have the promised shape.

    GENERATED_REQUESTS says how many; benchmarks/bench_document.py sends more.
    """
    assert {200, 400, 404} <= set(_run(world, REQUESTS, None))


def test_requests_that_follow_from_answers_meet_none_either(world: World) -> None:
    """The same, with identifiers and versions from the answers before: made, changed, moved, removed, asked.

    STATEFUL_REQUESTS says how many; benchmarks/bench_document.py sends more of these, too.
    """
    learned = Learned()
    statuses = _run(world, STATEFUL, learned)
    assert {200, 201, 400, 404} <= set(statuses)
    assert learned.followed > STATEFUL / 10
    assert len(learned.identifiers) > 10


def _check_shape(
    document: dict[str, Any], whole: Registry, asked: tuple[str, str], answer: Any, where: str
) -> None:
    path, method = asked
    promised = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert status in promised or status == "404", where
    if status not in promised:
        return
    media_type = answer.headers["Content-Type"]
    assert media_type in promised[status]["content"], where
    if not media_type.endswith("json"):
        return  # a file: that it comes as the type that is promised is all that can be said
    steps = ("paths", path, method, "responses", status, "content", media_type, "schema")
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    validator = Draft202012Validator({"$ref": f"{WHOLE}#/{quote(pointer, safe='/~')}"}, registry=whole)
    errors = list(validator.iter_errors(answer.json()))
    assert not errors, f"{where}\n{errors[0]}"

"""docs/erp.md: every example is sent as it stands there, in its order."""

from __future__ import annotations

import base64
import json
import re
import shlex
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from footprint.calculation.ledger import drain
from footprint.exchange.tasks import run_upserts
from tests.api.conftest import SECRET, World, client_of
from tests.chains import settle

GUIDE = Path(settings.BASE_DIR, "docs/erp.md").read_text()
EXAMPLE = re.compile(r"```sh\n(.*?)\n```\n<!-- (\d+)(.*?) -->", re.DOTALL)
EXAMPLES = EXAMPLE.findall(GUIDE)
WORK = {"drain": drain, "upserts": run_upserts}
"""What a worker does meanwhile."""


def send(command: str) -> HttpResponse:
    """What curl would have sent."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, url, body, headers = "GET", "", "", {}
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(":")
            headers[name.strip()] = value.strip()
        elif word == "-d":
            body = next(words)
        elif word == "-u":
            headers["Authorization"] = "Basic " + base64.b64encode(next(words).encode()).decode()
        elif word != "-sS":
            url = word
    where = urlsplit(url)
    media_type = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    return Client().generic(
        method, f"{where.path}?{where.query}", body.encode(), content_type=media_type, headers=headers
    )


def picked(answer: Any, path: str) -> str:
    """A value in the answer: results.0.uuid."""
    for part in path.split("."):
        answer = answer[int(part)] if part.isdigit() else answer[part]
    return str(answer)


def test_every_example_works(world: World) -> None:
    known = {
        "BASE": "http://testserver",
        "CLIENT_ID": str(client_of(world.company).client_id),
        "CLIENT_SECRET": SECRET,
    }
    for command, status, instructions in EXAMPLES:
        answer = send(Template(command).substitute(known))
        settle()
        assert answer.status_code == int(status), (command, answer.content.decode())
        for instruction in instructions.split():
            if instruction in WORK:
                WORK[instruction]()
                continue
            name, _equals, path = instruction.partition("=")
            known[name] = picked(answer.json(), path)
        if int(status) == 422:
            shown = json.loads(re.search(r"```json\n(.*?)\n```", GUIDE, re.DOTALL)[1])  # type: ignore[index]
            told = answer.json()
            assert told["title"] == shown["title"]
            assert told["detail"] == shown["detail"]
            for fault in (*told["errors"], *shown["errors"]):
                fault["detail"] = "…"
            assert told["errors"] == shown["errors"]


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == GUIDE.count("```sh\n") >= 13


def test_the_guide_lists_every_type_of_problem() -> None:
    from accounts.problems import TYPES

    for status, name in TYPES.items():
        assert f"| {status} | `{name}` |" in GUIDE

"""docs/erp.md: every example is sent as it stands there, in its order."""

from __future__ import annotations

import base64
import json
import re
import shlex
from argparse import ArgumentParser
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from footprint.calculation.ledger import drain
from footprint.exchange.tasks import run_exports, run_imports, run_upserts
from tests.api.conftest import SECRET, World, client_of
from tests.chains import settle

GUIDE = Path(settings.BASE_DIR, "docs/erp.md").read_text()
EXAMPLES = re.findall(r"```sh\n((?:(?!```).*\n)+)```\n→ (\d{3})(.*)\n", GUIDE)
TAKEN = re.compile(r"`(\w+)=([\w.]+)`")
WORK = (run_exports, run_imports, run_upserts, drain)
"""What workers do meanwhile."""


CURL = ArgumentParser(prog="curl")
CURL.add_argument("-sS", action="store_true")
CURL.add_argument("-X", dest="method", default="GET")
CURL.add_argument("-H", dest="headers", action="append", default=[])
CURL.add_argument("-d", dest="body", default="")
CURL.add_argument("--data-binary", dest="file", default="")
CURL.add_argument("-u", dest="login", default="")
CURL.add_argument("-o", dest="kept", default="")
CURL.add_argument("url")


def send(command: str, files: dict[str, bytes]) -> HttpResponse:
    """What curl would have sent; ``files`` are those that it wrote, and sends."""
    name, *words = shlex.split(command.replace("\\\n", " "))
    assert name == "curl"
    curl = CURL.parse_args(words)
    headers = dict(re.split(r":\s*", each, maxsplit=1) for each in curl.headers)
    if curl.login:
        headers["Authorization"] = "Basic " + base64.b64encode(curl.login.encode()).decode()
    media_type = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    body = files[curl.file.removeprefix("@")] if curl.file else curl.body.encode()
    where = urlsplit(curl.url)
    answer = Client().generic(
        curl.method, f"{where.path}?{where.query}", body, content_type=media_type, headers=headers
    )
    files[curl.kept] = answer.getvalue()
    return answer


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
    files: dict[str, bytes] = {}
    for command, status, taken in EXAMPLES:
        answer = send(Template(command).substitute(known), files)
        settle()
        assert answer.status_code == int(status), (command, answer.getvalue()[:2000])
        known |= {name: picked(answer.json(), path) for name, path in TAKEN.findall(taken)}
        for work in WORK:
            work()
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


def test_a_reader_has_all_that_an_example_needs() -> None:
    """Every name is set at the beginning, or was taken from an answer before, where it can be read."""
    known = set(re.findall(r"(?:export | )([A-Z_]+)=", GUIDE.partition("```sh")[0]))
    for command, _status, taken in EXAMPLES:
        assert set(re.findall(r"\$([A-Z_]+)", command)) <= known, command
        assert "$TOKEN" in command or "oauth/token" in command
        known |= {name for name, _path in TAKEN.findall(taken)}
    assert "<!--" not in GUIDE
    assert re.findall(r"^ +curl", GUIDE, re.MULTILINE) == []


def test_the_guide_lists_every_type_of_problem() -> None:
    from accounts.problems import TYPES

    for status, name in TYPES.items():
        assert f"| {status} | `{name}` |" in GUIDE

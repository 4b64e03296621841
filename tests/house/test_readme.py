"""What the documents tell people to type exists, and what they point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from alliance.runtime.__main__ import VERBS
from alliance.runtime.environment import ROOT
from tests.house.tree import files, text

DOCUMENTS = [path for path in files(".md") if path.parts[0] in {"docs", path.name}]
RECORDS = Path("docs/adr")
MAKE = re.compile(r"(?:^|[`\s])make ([a-z]+)(?=[`\s.,;)]|$)", re.MULTILINE)
MANAGE = re.compile(r"manage\.py ([a-z_]+)([^`\n]*)")
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]+)[^)]*\)")
NO_VERBS = {"it", "a", "the", "one"}
CODE = re.compile(r"```[\s\S]*?```|^    [^\n]*$|`[^`\n]+`", re.MULTILINE)


def code(path: Path) -> str:
    """What is set as code, and so to be typed."""
    return "\n".join(CODE.findall(text(path)))


def test_prose_behind_a_block_is_no_command(tmp_path: Path) -> None:
    written = tmp_path / "x.md"
    written.write_text(
        "Type\n\n    make run\n\nand make sense of `make test`:\n\n```\nmake check\n```\n\nmake haste\n"
    )
    assert MAKE.findall("\n".join(CODE.findall(written.read_text()))) == ["run", "test", "check"]


def test_the_documents_are_there() -> None:
    wanted = {"README", "CONTRIBUTING", "GLOSSARY", "CHANGELOG", "SECURITY"}
    assert wanted <= {path.stem for path in DOCUMENTS if len(path.parts) == 1}


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^\.PHONY: (.*)$", text(Path("Makefile")), re.MULTILINE)[0].split())
    assert targets == set(VERBS)
    assert set(MAKE.findall(code(path))) <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_commands_and_their_options_exist(path: Path) -> None:
    known = get_commands()
    wrong = []
    for name, rest in MANAGE.findall(code(path)):
        if name not in known:
            wrong.append(name)
            continue
        where = known[name]
        command = load_command_class(where, name) if isinstance(where, str) else where
        options = command.create_parser("manage.py", name)._option_string_actions
        wrong += [
            f"{name} {option}" for option in re.findall(r"--[a-z][a-z-]*", rest) if option not in options
        ]
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    targets = LINK.findall(text(path))
    assert [target for target in targets if not (ROOT / path.parent / target).exists()] == []


def test_the_readme_names_the_two_commands_and_the_test_command() -> None:
    assert {"run", "test"} <= set(MAKE.findall(code(Path("README.md"))))
    assert "make test" in text(Path(".ci/run"))


def test_every_document_is_in_the_index() -> None:
    listed = set(LINK.findall(text(Path("docs/README.md"))))
    own = {path.name for path in files() if path.parts[0] == "docs" and len(path.parts) == 2}
    assert sorted(own - listed - {"README.md"}) == []


def test_every_decision_is_in_the_index_and_numbered_once() -> None:
    records = [path.name for path in files(".md") if path.parent == RECORDS and path.name != "README.md"]
    listed = LINK.findall(text(RECORDS / "README.md"))
    assert sorted(set(records) - set(listed)) == []
    numbers = [name[:4] for name in records]
    assert sorted({number for number in numbers if numbers.count(number) > 1}) == []


def test_every_decision_says_context_decision_and_consequences() -> None:
    wanted = ["## Context", "## Decision", "## Consequences"]
    records = [path for path in files(".md") if path.parent == RECORDS and path.name != "README.md"]
    headings = {
        path: [line for line in text(path).splitlines() if line.startswith("## ")] for path in records
    }
    assert [
        str(path) for path, found in headings.items() if [h for h in found if h in wanted] != wanted
    ] == []
    too_long = [
        f"{path}: {len(text(path).splitlines())}" for path in records if len(text(path).splitlines()) > 90
    ]
    assert too_long == []

"""What a command cannot do is said in one line on standard error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import CommandParser

from alliance.management.refusing import carry_out
from alliance.runtime.environment import ROOT
from tests import builders as new

OURS = sorted(
    name
    for name, app in get_commands().items()
    if app.partition(".")[0] in ("accounts", "alliance", "factors", "footprint")
)


@pytest.fixture(autouse=True)
def parser_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CommandParser, "error", CommandParser.error)


@pytest.mark.parametrize("name", ["migrate", "check", *OURS])
def test_what_cannot_be_read_is_one_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        carry_out(["manage.py", name, "--no-such-thing"])
    told = capsys.readouterr()
    assert ended.value.code == 2 and not told.out
    assert told.err.startswith(f"manage.py {name}: ") and told.err.count("\n") == 1


def test_a_wrong_choice_at_the_command_line() -> None:
    words = ["manage.py", "export_footprints", "--company", "petro", "--gwp", "XX"]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr == "manage.py export_footprints: argument --gwp: invalid choice: 'XX'"
        " (choose from 'AR5', 'AR6')\n"
    )


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    where = tmp_path / "nowhere" / "log"
    words = ["export_pact_sheet", "--company", new.company().code, "-o", str(where)]
    with pytest.raises(SystemExit, match=f"^{where}: No such file or directory$"):
        carry_out(["manage.py", *words])


def test_a_file_that_nobody_named_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(words: list[str]) -> None:
        raise FileNotFoundError(2, "No such file or directory", "/of/ours")

    monkeypatch.setattr("alliance.management.refusing.execute_from_command_line", broken)
    with pytest.raises(FileNotFoundError):
        carry_out(["manage.py", "states"])


@pytest.mark.parametrize("hours", ["0", "-1", "nan"])
def test_backups_are_some_hours_apart(hours: str) -> None:
    with pytest.raises(CommandError, match=r"^--every: "):
        call_command("backup", every=float(hours))


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no certificate: No such file"):
        call_command("pact_conformance", "http://127.0.0.1:1", ca_file=str(tmp_path / "none"))

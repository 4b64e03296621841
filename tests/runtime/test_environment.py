"""Which database, as whom: decided from the environment and nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dj_database_url
import pytest

from alliance.runtime.environment import (
    Surroundings,
    keep_bytecode,
    login_for,
    read_variables,
    socket_url,
    surroundings,
    write_variables,
)

OUTSIDE = "postgresql://company:secret@db.example/pcf"


@pytest.mark.parametrize(
    ("command", "login"),
    [
        ("migrate", "owner"),
        ("makemigrations", "owner"),
        ("recompute", "worker"),
        ("", "worker"),
        ("backup", "backup"),
    ],
)
def test_schema_work_is_the_owners_and_copying_the_backups(command: str, login: str) -> None:
    assert login_for(command) == login


def test_a_bare_process_reads_the_file_of_a_running_product(tmp_path: Path) -> None:
    write_variables(tmp_path / "environment", {"DATABASE_URL_APP": "postgresql://a", "SECRET_KEY": "x=y"})
    assert read_variables(tmp_path / "environment")["SECRET_KEY"] == "x=y"
    found = surroundings({"DATA_DIR": str(tmp_path), "DATABASE_LOGIN": "app"})
    assert found.database_url == "postgresql://a"
    assert surroundings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "own"}).get("SECRET_KEY") == "own"


def test_the_url_of_a_socket_survives_parsing(tmp_path: Path) -> None:
    place = dj_database_url.parse(socket_url(tmp_path / "a b", "pcf_app"))
    assert (place["HOST"], place["USER"], place["NAME"]) == (str(tmp_path / "a b"), "pcf_app", "pcf")


@pytest.mark.parametrize(
    ("variables", "role"),
    [
        ({"DATABASE_URL": OUTSIDE, "DATABASE_LOGIN": "app"}, "pcf_app"),
        ({"DATABASE_URL": OUTSIDE, "DATABASE_LOGIN": "worker"}, "pcf_worker"),
        ({"DATABASE_URL": OUTSIDE, "DATABASE_LOGIN": "owner"}, ""),
        ({"DATABASE_URL": OUTSIDE, "DATABASE_LOGIN": "backup"}, ""),
        ({"DATABASE_URL": OUTSIDE, "DATABASE_LOGIN": "app", "DATABASE_ROLE": "other"}, "other"),
        ({"DATABASE_URL": OUTSIDE.replace("company", "pcf_app"), "DATABASE_LOGIN": "worker"}, ""),
    ],
)
def test_one_outside_login_acts_as_the_role_of_its_process(variables: dict[str, str], role: str) -> None:
    assert Surroundings(variables, Path("/nonexistent")).database_role == role


@pytest.mark.parametrize("forbidden", [True, False])
def test_bytecode_is_kept_beside_the_data_where_it_may_not_lie_beside_the_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbidden: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", forbidden)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    keep_bytecode(tmp_path)
    assert not sys.dont_write_bytecode
    assert sys.pycache_prefix == (str(tmp_path / "bytecode") if forbidden else None)
    assert os.environ["PYTHONPYCACHEPREFIX"] == (sys.pycache_prefix or "")

"""The container files say what they must; there is no container engine to ask."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from alliance.runtime.environment import ROOT

LOGINS = {
    "web": "pcf_app",
    "worker": "pcf_worker",
    "beat": "pcf_worker",
    "standby": "pcf_worker",
    "backup": "pcf_worker",
    "migrate": "pcf_owner",
}
INSTRUCTIONS = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "CMD"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_part_is_a_service(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*LOGINS, "proxy", "postgres", "valkey"}


def test_each_process_has_its_own_database_login(compose: dict[str, Any]) -> None:
    for service, login in LOGINS.items():
        url = compose["services"][service]["environment"]["DATABASE_URL"]
        assert url.startswith(f"postgresql://{login}:${{")


def test_nobody_comes_in_as_the_backup_over_the_network() -> None:
    """It sees every row, so it has no password: the server's own socket is its only door."""
    orders = re.findall(
        r"^CREATE ROLE (\w+) LOGIN(.*);$", (ROOT / "deploy/logins.sh").read_text(), re.MULTILINE
    )
    assert {role for role, rest in orders if "PASSWORD" not in rest} == {"pcf_backup"}
    assert [role for role, rest in orders if "BYPASSRLS" in rest] == ["pcf_backup"]


def test_only_the_proxy_is_reachable(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_what_a_service_names_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in compose["volumes"]


def test_every_secret_must_be_given_and_is_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name, rest in re.findall(r"\$\{([A-Z_]+)([^}]*)\}", text):
        assert name in manual
        assert rest.startswith(":?") if name.endswith(("PASSWORD", "KEY")) and "EMAIL" not in name else rest


def test_the_image_copies_what_exists_and_does_not_run_as_root() -> None:
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert {words[0] for words in lines} == INSTRUCTIONS
    for words in lines:
        if words[0] == "COPY":
            assert all((ROOT / source).exists() for source in words[1:-1]), words
    assert ["USER", "product"] in lines

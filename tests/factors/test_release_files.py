"""Long files of releases: a worker writes them once for everybody, and they do not stay."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import Refusal
from accounts.models import AuditEntry
from accounts.roles import Role
from factors.actions.release import release_factors
from factors.actions.release_file import ask_for_file, place_of, remove_old_files, write_file
from factors.models import Factor, FactorRelease, ReleaseFile, Source
from factors.tasks import write_release_files
from tests import builders
from tests.chains import settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "releases"


@pytest.fixture
def release(grid: Factor, monkeypatch: pytest.MonkeyPatch) -> FactorRelease:
    """One that is long already with eight versions."""
    monkeypatch.setattr("factors.actions.release_file.MOST_AT_ONCE", 7)
    Source.objects.filter(code="ndrc-petroleum-2014").update(redistribution="link-only")
    return release_factors(by=builders.actor(builders.company(), Role.CURATOR), name="2026-1")


@pytest.fixture
def member(release: FactorRelease) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(builders.company(), Role.OWNER))
    client.cookies["django_language"] = "en"
    return client


def asked(release: FactorRelease, kind: str = "csv") -> ReleaseFile:
    return ask_for_file(release, kind=kind, language="en")


def test_a_member_asks_for_it_and_takes_it_home(release: FactorRelease, member: Client) -> None:
    root = "/factors/releases/2026-1/"
    assert member.get(f"{root}openlca.zip").url == root  # type: ignore[attr-defined]
    assert 'value="openlca"' in member.get(root).content.decode()
    place = member.post(f"{root}files/", {"kind": "openlca"}).url  # type: ignore[attr-defined]
    assert member.get(f"{place}content/").status_code == 404
    assert "Waiting" in member.get(place).content.decode()
    assert "hx-get" in member.get(f"{place}state/").content.decode()
    write_release_files()
    assert "Download" in member.get(f"{place}state/").content.decode()
    reply = member.get(f"{place}content/")
    assert 'filename="factors-2026-1.zip"' in reply["Content-Disposition"]
    content = b"".join(reply.streaming_content)  # type: ignore[attr-defined]
    package = zipfile.ZipFile(io.BytesIO(content))
    processes = [json.loads(package.read(n)) for n in package.namelist() if n.startswith("processes/")]
    assert len(processes) == 8 - 1  # one may not leave
    file = ReleaseFile.objects.get()
    assert (file.versions_done, file.size) == (8, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    settle()
    assert AuditEntry.objects.filter(action="downloaded").exists()


def test_a_machine_asks_for_it_and_takes_it_home(release: FactorRelease, member: Client) -> None:
    root = "/api/v1/factor-releases/2026-1/files/"
    assert member.post(root, {"kind": "pdf"}, "application/json").status_code == 400
    reply = member.post(root, {"kind": "csv"}, "application/json")
    assert (reply.status_code, reply.json()["state"]) == (202, "queued")
    place = reply["Location"]
    assert member.get(f"{place}content/").status_code == 404
    write_release_files()
    told = member.get(place).json()
    assert (told["state"], told["versions_done"], told["versions"]) == ("done", 8, 8)
    content = b"".join(member.get(f"{place}content/"))
    assert content.decode("utf-8-sig").startswith("code,name_zh") and len(content) == told["size"]


def test_everybody_is_given_the_same_file(release: FactorRelease) -> None:
    first = asked(release)
    assert asked(release) == first and asked(release, "xlsx") != first
    write_file(first.pk, at=timezone.now())
    assert asked(release) == first
    with pytest.raises(Refusal):
        asked(release, "pdf")


def test_it_is_removed_after_a_day(release: FactorRelease, folder: Path) -> None:
    file, now = asked(release), timezone.now()
    write_file(file.pk, at=now)
    (folder / "left.part").touch()
    remove_old_files(at=now + timedelta(hours=23))
    assert place_of(file).exists()
    remove_old_files(at=now + timedelta(hours=25))
    file.refresh_from_db()
    assert file.state == "removed" and not list(folder.iterdir())
    assert asked(release) != file


def test_it_is_given_up_after_some_attempts(release: FactorRelease, monkeypatch: pytest.MonkeyPatch) -> None:
    file = asked(release)

    def broken(*_given: Any, **_named: Any) -> None:
        raise OSError

    monkeypatch.setattr("factors.released.write", broken)
    for _attempt in range(ReleaseFile.MOST_ATTEMPTS + 1):
        write_release_files()
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("failed", ReleaseFile.MOST_ATTEMPTS)
    assert asked(release) != file


def test_the_outsider_has_none(release: FactorRelease, member: Client) -> None:
    file, stranger = asked(release), Client()
    for path in ("", "state/", "content/"):
        assert stranger.get(f"/factors/releases/2026-1/files/{file.uuid}/{path}").status_code == 302
        assert member.get(f"/factors/releases/other/files/{file.uuid}/{path}").status_code == 404
    assert stranger.post("/factors/releases/2026-1/files/", {"kind": "csv"}).status_code == 302
    assert member.post("/factors/releases/other/files/", {"kind": "csv"}).status_code == 404
    assert member.post("/factors/releases/2026-1/files/", {"kind": "pdf"}).status_code == 404
    root = "/api/v1/factor-releases"
    for path in (f"2026-1/files/{file.uuid}/", f"2026-1/files/{file.uuid}/content/"):
        assert stranger.get(f"{root}/{path}").status_code == 401
    assert member.get(f"{root}/other/files/{file.uuid}/").status_code == 404
    assert member.post(f"{root}/other/files/", {"kind": "csv"}, "application/json").status_code == 404

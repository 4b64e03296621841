"""When a backup begins by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from alliance.runtime.nightly import AGAIN_SECONDS, SETTLED_SECONDS, Nightly
from alliance.runtime.postgres import Cluster
from alliance.runtime.progress import Progress
from alliance.runtime.run import BUILT_IN, STANDBY, Product
from alliance.runtime.supervisor import Supervisor
from alliance.runtime.vault import BASE, Copy, Vault

HOUR = 3600.0


class Night:
    """A clock that is set, and backups that end when they are told to."""

    def __init__(self, place: Path) -> None:
        self.now, self.begun, self.code = 1e9, 0, 0
        self.vault = Vault(place)
        self.vault.prepare()
        self.nightly = Nightly(self.vault, 24, self.start, lambda: self.now)

    def start(self) -> Night:
        self.begun += 1
        return self

    def poll(self) -> int | None:
        return self.code

    def after(self, seconds: float) -> int:
        self.now += seconds
        self.nightly.look()
        return self.begun

    def finish_one(self) -> None:
        at = datetime.fromtimestamp(self.now, UTC)
        draft = self.vault.begin(at, BASE)
        self.vault.finish(draft, Copy(draft.stem, BASE, at, at, 1, "17"))


def test_the_first_begins_when_everything_has_settled(tmp_path: Path) -> None:
    night = Night(tmp_path)
    assert night.after(SETTLED_SECONDS - 1) == 0
    assert night.after(2) == 1


def test_the_next_begins_when_the_newest_is_old_enough(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.finish_one()
    assert night.after(23 * HOUR) == 0
    assert night.after(HOUR) == 1
    night.finish_one()
    assert night.after(23 * HOUR) == 1


def test_one_that_failed_is_tried_again_and_one_at_work_is_left_alone(tmp_path: Path) -> None:
    night = Night(tmp_path)
    assert night.after(SETTLED_SECONDS + 1) == 1
    night.code = None  # type: ignore[assignment]
    assert night.after(AGAIN_SECONDS + 1) == 1
    night.code = 1
    assert night.after(AGAIN_SECONDS + 1) == 2
    assert night.after(AGAIN_SECONDS - 1) == 2


def test_the_commands_that_a_run_starts_know_the_words_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that stops at its own command line would only be missed when it is needed."""
    started: list[tuple[str, ...]] = [STANDBY]
    monkeypatch.setattr(Product, "_start", lambda _self, _name, *words: started.append(words))
    monkeypatch.setattr(
        Product, "_copier", lambda _self, _name, words, _login: lambda _log: started.append(words)
    )
    monkeypatch.delenv("BACKUP_HOURS", raising=False)
    (tmp_path / "log").mkdir()
    product = Product(tmp_path, "127.0.0.1", 1, Progress("run"), Supervisor(print), tmp_path / "metrics")
    product._archiving(Cluster.under(tmp_path))
    assert product.nightly is not None
    product.nightly.start()
    for command in ("migrate", "collectstatic", "load_demo --logins somewhere", *BUILT_IN):
        product._manage(*command.split())
    assert len(started) > 6
    for program, name, *words in started:
        assert program == "manage.py"
        load_command_class(get_commands()[name], name).create_parser(program, name).parse_args(words)

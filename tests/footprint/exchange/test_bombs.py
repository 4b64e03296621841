"""Every hostile file is refused by name, and what reading it may cost is decided by us, not by the file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from alliance.runtime.environment import ROOT
from footprint.exchange.confined import run
from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.confined.run import BrokenOff, Confinement, Reason, confined
from footprint.exchange.openlca.confined_reading import read_confined
from footprint.exchange.openlca.reader import read
from footprint.exchange.openlca.sentences import sentence
from footprint.exchange.openlca.wire import Garbled, package_from
from tests.footprint.exchange.bombs import CORPUS, flooded, written
from tests.footprint.exchange.packages import small

MB = 2**20
ENDLESS = '{"exchanges": [' + "1.5," * 4_000_000 + "1]}"
LISTEN = """
import socket, sys
from footprint.exchange.confined.child import confine
alone = confine(512 * 2**20, 10)
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
    print(alone, "connected")
except OSError:
    print(alone, "nothing")
"""


def words_of(content: bytes) -> dict[str, Any]:
    return dict(confined("openlca", content))


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """What the confined reader says of every file, and what that cost."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda name: words_of(CORPUS[name][0]()), CORPUS)
        return dict(zip(CORPUS, found, strict=True))


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 40


def test_every_file_is_refused_for_its_reason_and_within_its_means(answers: dict[str, Any]) -> None:
    limits = Confinement()
    for name, (_, expected) in CORPUS.items():
        said = answers[name]
        print(f"{name:30} {said['refused'][0]['code']:20} {said['end']}")
        assert {one["code"] for one in said["refused"]} & set(expected.split("|")), name
        assert said["end"]["peak_mb"] * MB <= limits.memory, name
        assert said["end"]["cpu_seconds"] <= limits.cpu_seconds, name


def test_what_is_said_outside_is_what_was_read_inside() -> None:
    content = small().zip()
    assert read_confined(content) == read(content)


@pytest.mark.parametrize(
    ("within", "content", "reason"),
    [
        (Confinement(memory=100 * MB), flooded(700_000), Reason.MEMORY),
        (Confinement(cpu_seconds=1), written(ENDLESS), Reason.TIME),
        (Confinement(wall_seconds=0.05), small().zip(), Reason.TIME),
        (Confinement(answer=100), small().zip(), Reason.ANSWER),
    ],
    ids=["memory", "processor", "clock", "answer"],
)
def test_each_limit_is_a_reason(within: Confinement, content: bytes, reason: Reason) -> None:
    with pytest.raises(Unreadable) as refused:
        read_confined(content, within=within)
    (problem,) = refused.value.problems
    assert problem.code == reason.value
    assert sentence(problem)


def test_a_reader_that_is_killed_gives_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    honest = subprocess.Popen

    def watched(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(honest(*words, **more))
        return started[0]

    monkeypatch.setattr(run.subprocess, "Popen", watched)
    words = confined("openlca", written(ENDLESS))
    assert next(words)[0] == "network"
    os.kill(started[0].pid, signal.SIGKILL)
    with pytest.raises(BrokenOff, match="reader_died"):
        list(words)
    assert started[0].returncode is not None


@pytest.mark.parametrize(
    "said",
    [
        ("flow", {"id": "a"}),
        ("exchange", {}),
        ("warning", {"code": 1, "values": {}}),
        ("process", {"id": 7, "exchanges": [], "factors": []}),
        ("refused", [{"values": {"most": 1}}]),
    ],
)
def test_a_reader_that_was_taken_over_tells_nothing_but_packages(said: tuple[str, Any]) -> None:
    with pytest.raises(Garbled):
        package_from([said])


def test_a_confined_process_reaches_nobody() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        port = str(listener.getsockname()[1])
        words = [sys.executable, "-c", LISTEN, port]
        done = subprocess.run(words, cwd=ROOT, env={}, capture_output=True, text=True, check=True)
        alone, reached = done.stdout.split()
        # where the kernel forbids namespaces, it says so and does not pretend
        assert (alone, reached) in (("True", "nothing"), ("False", "connected"))
        if alone == "True":
            with pytest.raises(TimeoutError):
                listener.accept()


def test_a_confined_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    honest = subprocess.Popen

    def watched(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        given.update(more)
        return honest(*words, **more)

    monkeypatch.setattr(run.subprocess, "Popen", watched)
    words_of(small().zip())
    assert set(given["env"]) == {"PYTHONUTF8"}

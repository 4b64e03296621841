"""What the benchmarks share: a product that runs for real, a machine client, and one way to say it."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVERS = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PORT", "HOST")


def say(benchmark: str, name: str, **figures: Any) -> None:
    """One line; floats to four digits."""
    shown = {
        key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in figures.items()
    }
    print(json.dumps({"benchmark": benchmark, "name": name, **shown}, ensure_ascii=False), flush=True)


@dataclass(frozen=True)
class Tests:
    """What became of the test suite's own tests, run side by side: each with a server and a database."""

    told: list[dict[str, Any]]
    seconds: float
    failures: list[str]

    def sum(self, name: str) -> float:
        """Of what they told, added up."""
        return sum(told[name] for told in self.told)


def run_tests(tests: Sequence[str], surroundings: Sequence[dict[str, str]]) -> Tests:
    """Run tests once for each of these surroundings, all at once; JSON that they print is what they tell."""
    begun = time.monotonic()
    asked = (sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:logging", "--timeout=0", *tests)
    running = [
        subprocess.Popen(
            asked,
            cwd=ROOT,
            env={**os.environ, **one},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # every request is logged there
            text=True,
        )
        for one in surroundings
    ]
    with ThreadPoolExecutor(len(running)) as readers:
        said = list(readers.map(lambda process: process.communicate()[0], running))
    told = [json.loads(line) for words in said for line in words.splitlines() if line.startswith("{")]
    failures = [words[-2000:] for words, process in zip(said, running, strict=True) if process.returncode]
    return Tests(told, time.monotonic() - begun, failures)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Product:
    """A product that runs: web, worker, beat, PostgreSQL and broker."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    steps: tuple[str, ...]
    seconds: float

    @property
    def root(self) -> str:
        """Where its web server answers."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str) -> str:
        """What a Python program beside it prints; it connects as the worker."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env={**surroundings(), "DATA_DIR": str(self.home), "DATABASE_LOGIN": "worker"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout


def surroundings() -> dict[str, str]:
    """The environment without the addresses of servers that are not ours; questions have no limit."""
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    return {"API_REQUESTS_PER_MINUTE": "0", **own}


@contextmanager
def running(
    home: Path,
    tree: Path = ROOT,
    command: Sequence[str] = (sys.executable, "-m", "alliance.runtime", "run"),
    **variables: str,
) -> Iterator[Product]:
    """Start the product of a tree with its data in ``home``, wait until it is healthy, stop it in the end."""
    port, begun = free_port(), time.monotonic()
    own = {**surroundings(), "DATA_DIR": str(home), "PORT": str(port), **variables}
    process = subprocess.Popen(command, cwd=tree, env=own, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        steps = []
        for line in process.stdout:
            steps.append(line.strip())
            if "ready at" in line:
                break
        else:
            raise SystemExit("the product did not start:\n" + "\n".join(steps))
        yield Product(process, home, port, tuple(steps), time.monotonic() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@contextmanager
def throwaway_home() -> Iterator[Path]:
    """A directory for a product's data that its servers may enter."""
    with tempfile.TemporaryDirectory(prefix="pcf-bench-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


class Client:
    """A company's own system that speaks REST with client credentials."""

    def __init__(self, root: str, client_id: str, secret: str) -> None:
        self.root = root
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        answer = self._open("POST", "/oauth/token/", b"grant_type=client_credentials", f"Basic {basic}")[0]
        self.bearer = f"Bearer {answer['access_token']}"

    def _open(self, method: str, path: str, body: bytes | None, who: str, **more: str) -> Any:
        headers = {"Authorization": who, **more}
        request = urllib.request.Request(self.root + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply), reply.headers

    def get(self, path: str) -> Any:
        """What is there."""
        return self._open("GET", path, None, self.bearer)[0]

    def every(self, path: str) -> list[Any]:
        """All rows of a list."""
        rows: list[Any] = []
        while path:
            page = self.get(path)
            rows += page["results"]
            path = (page["next"] or "").removeprefix(self.root)
        return rows

    def change(self, path: str, **fields: Any) -> Any:
        """Change a thing as it was read just now; the answer, and the seconds it took."""
        etag = self._open("GET", path, None, self.bearer)[1]["ETag"]
        content, asked = json.dumps(fields).encode(), time.perf_counter()
        more = {"If-Match": etag, "Content-Type": "application/json"}
        answer = self._open("PATCH", path, content, self.bearer, **more)[0]
        return answer, time.perf_counter() - asked

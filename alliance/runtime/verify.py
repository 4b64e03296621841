"""`make check`, `make test`, `make bench`, `make lock`: what must hold before anything is published."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from alliance.runtime.environment import ROOT, new_secret
from alliance.runtime.installation import RUN_LOCK, TEST_LOCK, VENV, ensure, ensure_browser
from alliance.runtime.progress import Progress
from alliance.runtime.translations import compile_catalogues

BIN = VENV / "bin"
FAULTS = "tests/faults"
NOWHERE = "postgresql://pcf_owner@%2Fnonexistent/pcf"
PRODUCTION = {"PUBLIC_URL": "https://footprints.example", "DATABASE_URL": NOWHERE}


@dataclass(frozen=True)
class Check:
    """One program whose exit code says whether something holds."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[int, str, float]:
        start = time.monotonic()
        done = subprocess.run(
            [str(BIN / self.command[0]), *self.command[1:]],
            cwd=ROOT,
            env={**os.environ, "SECRET_KEY": new_secret(), **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, time.monotonic() - start


DJANGO = ("python", "-W", "ignore::RuntimeWarning", "manage.py")
CHECKS = (
    Check("types (mypy)", ("mypy", "alliance", "accounts", "factors", "footprint")),
    Check("lint (ruff)", ("ruff", "check")),
    Check("format (ruff)", ("ruff", "format", "--check")),
    Check("walls (import-linter)", ("lint-imports", "--no-cache")),
    Check("templates (djlint)", ("djlint", "templates", "--lint", "--quiet")),
    Check(
        "migrations complete", (*DJANGO, "makemigrations", "--check", "--dry-run"), {"DATABASE_URL": NOWHERE}
    ),
    Check("ready to deploy", (*DJANGO, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
)


def check(progress: Progress) -> int:
    """Everything that can be known without running the product; all of it, then one verdict."""
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for one, outcome in zip(CHECKS, pool.map(Check.run, CHECKS), strict=True):
            code, output, seconds = outcome
            progress.say(f"{one.name}: {'failed' if code else 'ok'} ({seconds:.1f} s)")
            if code:
                failed.append(one.name)
                print(output, flush=True)
    if failed:
        progress.say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def test(progress: Progress, *arguments: str) -> int:
    """The checks, then every test, a file to each core; arguments go to pytest (`-n 0` for one at a time)."""
    with progress.step("Chromium and a Chinese font are here"):
        ensure_browser()
    with progress.step("translations compiled"):
        compile_catalogues()
    static = check(progress)
    spread = ("-n", "logical", "--dist", "loadfile", "--no-loadscope-reorder")
    # faults have to fall where it hurts: beside them only other faults, which wait for much of their time
    rounds = [[*spread, *arguments]] if arguments else [[*spread, f"--ignore={FAULTS}"], [*spread, FAULTS]]
    tests = sum(subprocess.run([BIN / "pytest", "-q", *each], cwd=ROOT).returncode for each in rounds)
    progress.say(
        "done" if not static and not tests else f"failed: {'checks ' * bool(static)}{'tests' * bool(tests)}"
    )
    return static or tests


def bench(progress: Progress, *names: str) -> int:
    """Each benchmark by itself; its figures as JSON lines on standard output."""
    failed = 0
    for path in sorted((ROOT / "benchmarks").glob("bench_*.py")):
        if names and path.stem.removeprefix("bench_") not in names:
            continue
        with progress.step(path.stem):
            failed |= subprocess.run([BIN / "python", path], cwd=ROOT, check=False).returncode
    return 1 if failed else 0


def lock(progress: Progress, *arguments: str) -> int:
    """Resolve requirements/*.in anew into the two lock files; `--upgrade` goes through."""
    how = ("--python-version", "3.11", "--universal", "--generate-hashes", "--no-header", "--quiet")
    for source, target in (("base", RUN_LOCK), ("dev", TEST_LOCK)):
        with progress.step(f"{target} resolved"):
            command = [
                str(BIN / "uv"),
                "pip",
                "compile",
                *how,
                *arguments,
                f"requirements/{source}.in",
                "-o",
                target,
            ]
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                return 1
    ensure(TEST_LOCK)
    return 0

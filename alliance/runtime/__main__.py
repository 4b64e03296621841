"""`python3 -m alliance.runtime VERB`: the verbs of the Makefile, from a bare Python on."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from alliance.runtime.environment import ROOT, Misconfigured
from alliance.runtime.installation import PYTHON, RUN_LOCK, TEST_LOCK, VENV, ensure
from alliance.runtime.progress import Progress

VERBS = {
    "run": (RUN_LOCK, "alliance.runtime.run"),
    "test": (TEST_LOCK, "alliance.runtime.verify"),
    "check": (TEST_LOCK, "alliance.runtime.verify"),
    "bench": (TEST_LOCK, "alliance.runtime.verify"),
    "lock": (TEST_LOCK, "alliance.runtime.verify"),
}


def main(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb not in VERBS:
        print(f"say one of: {' '.join(VERBS)}", file=sys.stderr)
        return 2
    progress = Progress(verb)
    lock, module = VERBS[verb]
    try:
        if Path(sys.prefix) != VENV:
            _enter_environment(lock, progress, arguments)
        code: int = getattr(import_module(module), verb)(progress, *arguments[1:])
    except Misconfigured as error:
        print(f"make {verb}: {error}", file=sys.stderr)
        return 1
    return code


def _enter_environment(lock: str, progress: Progress, arguments: list[str]) -> None:
    with progress.step(f"environment holds {lock}"):
        ensure(lock)
    progress.hand_on()
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "alliance.runtime", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

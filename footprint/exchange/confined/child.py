"""The confined process: ``python -m footprint.exchange.confined.child READER MEMORY CPU``, the file as input.

What it finds goes out as lines of JSON, a list of a word and a value each. It knows no settings, no
environment and no database; the standard library, pure readers and openpyxl only.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

READERS = {
    "openlca": "footprint.exchange.openlca.wire",
    "workbook": "footprint.exchange.workbook.reading",
    "sheets": "footprint.exchange.workbook.every_sheet",
}
MOST_FILES = 32
LAST_WORDS = 16 * 2**20
"""Bytes beyond the limit, for saying that it was reached."""
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38

Say = Callable[[str, Any], None]
Reader = Callable[[bytes, Say], None]


def confine(memory: int, cpu_seconds: int) -> bool:
    """Give up what a reader of files does not need; whether the network is gone, too.

    A kernel that forbids namespaces to ordinary users leaves the network; the other limits always hold.
    """
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    alone = any(int(system.unshare(what)) == 0 for what in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET))
    # at the soft limit of time the process is told why it ends, at the hard one it is just gone
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory + LAST_WORDS))
    for kind, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(kind, (most, most))
    return alone


def main(reader: str, memory: str, cpu_seconds: str) -> None:
    """Read the file and tell what is in it."""
    # openpyxl would take it if it could: a second of start-up and threads that nothing here needs
    sys.modules["numpy"] = None  # type: ignore[assignment]
    answer: Reader = import_module(READERS[reader]).answer
    alone = confine(int(memory), int(cpu_seconds))
    _say("network", not alone)
    sys.stdout.flush()
    try:
        answer(sys.stdin.buffer.read(), _say)
        _say("end", {"peak_mb": _peak_mb(), "cpu_seconds": round(_cpu_seconds(), 3)})
    except MemoryError:
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # to say so needs some, too
        _say("memory", None)
    sys.stdout.flush()
    os._exit(0)


def _say(word: str, value: Any) -> None:
    print(json.dumps([word, value], default=_plain, ensure_ascii=True, separators=(",", ":")))


def _plain(value: Any) -> Any:
    """A frozen value as its fields, an exact decimal as its text."""
    return vars(value) if hasattr(value, "__dataclass_fields__") else str(value)


def _peak_mb() -> float:
    """The most memory this process held since it began; what its parent held does not count."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return round(int(found[1]) / 1024, 1) if found else 0.0


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The disk under everything is full for a while: nobody hangs, nothing is stale or lost afterwards."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.faults.full_disk import on_a_small_disk

pytestmark = pytest.mark.faults


def test_what_was_acknowledged_outlives_a_full_disk(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    if (tried := on_a_small_disk(tmp_path, "true")).returncode:
        pytest.skip(f"no mount namespaces here: {tried.stderr.strip()[-200:]}")
    done = on_a_small_disk(tmp_path, sys.executable, "-m", "tests.faults.full_disk", str(tmp_path))
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    print(found)
    assert (found["pending"], found["stale"], found["lost"]) == (0, 0, [])
    assert found["acknowledged"]
    # the database may have stopped by then: who asks is told to come back, by a web server that is alive
    assert set(found["answers"]) <= {"200", "503"}
    assert set(found["refused"]) <= {"503"}, found["broke"]

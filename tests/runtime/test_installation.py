"""What the two commands install before anything of the product runs."""

from __future__ import annotations

import pytest

from alliance.runtime.installation import RUN_LOCK, TEST_LOCK, _of_lock


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK])
def test_the_installer_itself_comes_alone_and_with_its_hashes(lock: str) -> None:
    first, *others = _of_lock(lock, "uv").splitlines()
    assert first.startswith("uv==")
    assert [line for line in others if "--hash=sha256:" in line]
    assert not [line for line in others if "==" in line]

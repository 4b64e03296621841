"""A virtual environment that holds exactly what a lock file says. Standard library only."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from alliance.runtime.environment import ROOT, Misconfigured

VENV = ROOT / ".venv"
PYTHON, UV = VENV / "bin" / "python", VENV / "bin" / "uv"
STAMP = VENV / ".installed"
OLDEST = (3, 11)
RUN_LOCK, TEST_LOCK = "requirements.lock", "requirements-dev.lock"
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")
EXACTLY = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
PIP_QUIETLY = ("-qq", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--no-compile")
UV_QUIETLY = ("--quiet", "--no-progress")
PIP_AND_UV = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
CHINESE_FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",)


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """The digest of each lock file whose content the virtual environment holds."""
    if not (STAMP.exists() and PYTHON.exists()):
        return {}
    found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return found


def ensure(lock: str) -> bool:
    """Bring the virtual environment up to a lock file; say whether anything had to be done."""
    if sys.version_info < OLDEST:
        raise Misconfigured(
            f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}"
        )
    if installed().get(lock) == digest(lock):
        return False
    if not _works():
        _create()
    _install(lock)
    covered = {RUN_LOCK, lock}
    STAMP.write_text(json.dumps({name: digest(name) for name in sorted(covered)}), encoding="utf-8")
    return True


def _works() -> bool:
    return PYTHON.exists() and not subprocess.run([*_pip(), "--version"], capture_output=True).returncode


@cache
def _pip() -> tuple[str, ...]:
    """The pip beside the Python we come from, told to work here; one of our own takes seconds to make."""
    beside = (sys._base_executable, "-m", "pip")  # type: ignore[attr-defined]
    if subprocess.run([*beside, "--version"], capture_output=True).returncode:
        return str(PYTHON), "-m", "pip"
    return *beside, "--python", str(PYTHON)


def _create() -> None:
    own = _pip()[0] == str(PYTHON)
    if own and importlib.util.find_spec("ensurepip") is None:
        install_system_packages(f"python3.{sys.version_info.minor}-venv")
    command = [sys.executable, "-m", "venv", "--clear", *(() if own else ("--without-pip",)), str(VENV)]
    subprocess.run(command, check=True)


def _install(lock: str) -> None:
    """By uv, which unpacks many packages at once; by pip, more slowly, where uv does not come through."""
    with tempfile.TemporaryDirectory() as directory:
        alone = Path(directory) / "uv"
        alone.write_text(_of_lock(lock, "uv"), encoding="utf-8")
        if not _pip_install(alone) and not _uv_install(ROOT / lock):
            return
    if _pip_install(ROOT / lock):
        raise Misconfigured(f"could not install what {lock} names; is the package index reachable?")


def _of_lock(lock: str, package: str) -> str:
    """One package of a lock file with its hashes."""
    packages = re.split(r"\n(?=[^\s#])", (ROOT / lock).read_text(encoding="utf-8"))
    return next(each for each in packages if each.startswith(f"{package}=="))


def _pip_install(requirements: Path) -> int:
    return subprocess.run([*_pip(), "install", *PIP_QUIETLY, *EXACTLY, "-r", str(requirements)]).returncode


def _uv_install(requirements: Path) -> int:
    """From where pip would fetch: what its variables name, uv's own name unless they are set."""
    told = {own: os.environ[pip] for pip, own in PIP_AND_UV.items() if pip in os.environ}
    command = [
        str(UV),
        "pip",
        "install",
        *UV_QUIETLY,
        "--python",
        str(PYTHON),
        *EXACTLY,
        "-r",
        str(requirements),
    ]
    return subprocess.run(command, env={**told, **os.environ}).returncode


def install_system_packages(*packages: str) -> None:
    """Ask Debian for packages, or say which ones are missing when we may not."""
    apt = shutil.which("apt-get")
    if os.geteuid() or not apt:
        raise Misconfigured(
            f"missing system packages: install {' '.join(packages)} (as root: apt-get install …)"
        )
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([apt, "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    fetch = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(fetch, check=False, **quiet).returncode:  # type: ignore[call-overload]
        raise Misconfigured(f"could not install the system packages {' '.join(packages)}")


def ensure_browser() -> bool:
    """Chromium and a Chinese font for the browser tests; say whether they had to be installed."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    missing = [] if browser else [BROWSER_PACKAGES[0]]
    if not any(Path(font).exists() for font in CHINESE_FONTS):
        missing.append(BROWSER_PACKAGES[1])
    if missing:
        install_system_packages(*missing)
    return bool(missing)

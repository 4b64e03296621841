"""Where things are and what the environment says. Standard library only: it runs before the venv exists."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
VARIABLES_FILE = "environment"
AUDIT_KEY_FILE = "audit-signing-key"
PUBLICATION_KEY_FILE = "publication-signing-key"
LOGIN_VARIABLE = "DATABASE_LOGIN"

DATABASE = "pcf"
OWNER, APP, WORKER, BACKUP = "pcf_owner", "pcf_app", "pcf_worker", "pcf_backup"
BENCHMARK = "pcf_benchmark"  # nobody's login: the worker takes it on while it settles benchmarks
LOGINS = {"owner": OWNER, "app": APP, "worker": WORKER, "backup": BACKUP}
OWNER_COMMANDS = frozenset({"migrate", "makemigrations", "sqlmigrate", "showmigrations", "flush", "test"})
BACKUP_COMMANDS = frozenset({"backup"})


class Misconfigured(Exception):
    """The environment cannot be used; the message is one line that says why and what to do."""


def login_for(command: str) -> str:
    """The login a management command connects with: schema work is the owner's, copying all the backup's."""
    if command in BACKUP_COMMANDS:
        return "backup"
    return "owner" if command in OWNER_COMMANDS else "worker"


def read_variables(path: Path) -> dict[str, str]:
    """The NAME=value lines of a variables file; none when the file does not exist."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def write_variables(path: Path, variables: Mapping[str, str]) -> None:
    """Replace the file in one step, readable by its owner alone."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in variables.items()), encoding="utf-8")
    draft.replace(path)


def data_dir(environ: Mapping[str, str]) -> Path:
    return (ROOT / environ.get("DATA_DIR", "var")).resolve()


def socket_url(directory: Path, user: str, database: str = DATABASE) -> str:
    """A database URL for a server that listens on a unix socket in `directory`."""
    return f"postgresql://{user}@{quote(str(directory), safe='')}/{database}"


@dataclass(frozen=True)
class Surroundings:
    """What a Django process needs to know: the environment, filled up from a running `make run`."""

    variables: Mapping[str, str]
    data_dir: Path

    def get(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "") or default

    @property
    def database_url(self) -> str:
        login = self.get(LOGIN_VARIABLE, "worker")
        return self.get("DATABASE_URL") or self.get(
            f"DATABASE_URL_{login.upper()}", socket_url(self.data_dir / "postgres", LOGINS[login])
        )

    @property
    def database_role(self) -> str:
        """The role to act as, when one outside login serves web, worker and migrations alike."""
        login = self.get(LOGIN_VARIABLE, "owner")
        if urlsplit(self.database_url).username in LOGINS.values() or login in ("owner", "backup"):
            return self.get("DATABASE_ROLE")
        return self.get("DATABASE_ROLE", LOGINS[login])


def surroundings(environ: Mapping[str, str] | None = None) -> Surroundings:
    own = os.environ if environ is None else environ
    where = data_dir(own)
    return Surroundings({**read_variables(where / VARIABLES_FILE), **own}, where)


def single_sign_on(env: Surroundings) -> dict[str, Any]:
    """The deployment's identity provider, as allauth wants to know of it; nothing without OIDC_ISSUER."""
    if not env.get("OIDC_ISSUER"):
        return {}
    missing = [name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not env.get(name)]
    if missing:
        raise Misconfigured(f"OIDC_ISSUER is set but not {' and '.join(missing)}; set both or neither")
    app = {
        "provider_id": "sso",
        "name": env.get("OIDC_NAME", "Single sign-on"),
        "client_id": env.get("OIDC_CLIENT_ID"),
        "secret": env.get("OIDC_CLIENT_SECRET"),
        "settings": {"server_url": env.get("OIDC_ISSUER")},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def keep_bytecode(home: Path) -> None:
    """Compile modules once, not at every start: beside the data, when nothing may be written beside them."""
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(home / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


def origin(url: str) -> str:
    """Scheme and host of an address; nothing of nothing."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def new_secret() -> str:
    return secrets.token_urlsafe(50)


def keep_signing_key(path: Path) -> None:
    """Make a key that signs, once; its owner alone may read it."""
    try:
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return
    with os.fdopen(place, "w", encoding="ascii") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())

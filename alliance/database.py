"""How a process is connected with the database: as whom, and how long it waits."""

from __future__ import annotations

from typing import Any

import dj_database_url

from alliance.runtime.environment import LOGIN_VARIABLE, Surroundings

PATIENCE = {
    # no request may hold locks for longer than its reader waits
    "app": {
        "statement_timeout": "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    },
    # a settlement of the whole alliance is one statement of minutes; whoever computes holds no row meanwhile
    "worker": {
        "statement_timeout": "15min",
        "lock_timeout": "2min",
        "idle_in_transaction_session_timeout": "30min",
    },
    # a migration that waits for a lock makes everybody behind it wait: it gives up and is tried again
    "owner": {"lock_timeout": "5s"},
}

PREPARED = {"server_side_binding": True, "prepare_threshold": 5}
"""What a session asks again and again is planned once: to plan takes longer than most answers do."""


def databases(env: Surroundings) -> dict[str, Any]:
    """The setting DATABASES of the process whose environment this is."""
    place: dict[str, Any] = {
        **dj_database_url.parse(env.database_url, conn_max_age=60, conn_health_checks=True),
        "ENGINE": "alliance.postgresql",
        "ATOMIC_REQUESTS": False,
    }
    session = [f"role={env.database_role}"] if env.database_role else []
    session += [f"{name}={value}" for name, value in PATIENCE.get(env.get(LOGIN_VARIABLE), {}).items()]
    # what is asked for often lies in memory, and no disk of today has to seek: a lookup by key is no luxury
    session.append("random_page_cost=1.1")
    # who waits for an answer hears of a broken line within twenty seconds, not after the system's two hours
    place.setdefault("OPTIONS", {}).update(
        PREPARED,
        connect_timeout=5,
        tcp_user_timeout=15000,
        keepalives_idle=5,
        keepalives_interval=5,
        keepalives_count=3,
        options=" ".join(f"-c {option}" for option in session),
    )
    return {"default": place}

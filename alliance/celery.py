"""The task queue. Tasks are woken here and do their work from what PostgreSQL says is due."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
if not settings.configured:  # we are the process, not a guest in the web server's
    os.environ.setdefault("DATABASE_LOGIN", "worker")

app = Celery("alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A page must not wait for a dead broker, a worker must: it has nothing better to do.
PATIENCE = {"socket_timeout": 10.0, "socket_connect_timeout": 5.0}


@celeryd_init.connect
def wait_for_the_broker(conf: Any, **_: object) -> None:
    conf.broker_transport_options = {**conf.broker_transport_options, **PATIENCE}


@beat_init.connect
def wait_for_the_broker_in_beat(sender: Any, **_: object) -> None:
    wait_for_the_broker(sender.app.conf)


@worker_init.connect
def refuse_to_start_unsafe(**_: object) -> None:
    from alliance.safety import refuse_unsafe

    refuse_unsafe(signs=True)


@worker_init.connect
def compile_the_engine(**_: object) -> None:
    """Before the pool is forked, so that every process of it begins with the compiled code."""
    from footprint.calculation import ledger

    ledger.prepare()

"""The product's code, loaded once by `make run`, whose processes are copies of the one that loaded it.

Nothing may be open before they are copied: no connection, no thread of our own.
"""

from __future__ import annotations

import gc
from importlib import import_module

import django
from django.conf import settings
from django.db import connections

from alliance.database import databases
from alliance.runtime.environment import surroundings

SERVERS = (
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "celery.bin.celery",
    "celery.apps.worker",
    "celery.apps.beat",
    "celery.concurrency.prefork",
)


def load_models() -> None:
    """What every command needs. What is loaded stays, so to look for garbage would only cost time."""
    gc.disable()
    django.setup()


def load_pages() -> None:
    """What the servers need besides."""
    import_module(settings.ROOT_URLCONF)
    for name in SERVERS:
        import_module(name)
    import_module("alliance.celery").app.loader.import_default_modules()
    gc.freeze()
    gc.enable()


def adapt() -> None:
    """In a copy: connect with the database as its own environment says."""
    settings.DATABASES = databases(surroundings())
    connections.settings = connections.configure_settings(settings.DATABASES)
    for alias in connections:
        connections[alias] = connections.create_connection(alias)

"""The entry point of the web server."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from alliance.safety import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
os.environ.setdefault("DATABASE_LOGIN", "app")

# Nothing that is loaded here is given back, so to look for what could be would only cost half a second.
gc.disable()
application = get_wsgi_application()
refuse_unsafe()

# Everything a request needs, the engine included, is loaded before the first one comes, and stays for good: a
# full collection that walked through it would cost every twentieth request 0.15 s.
import_module(settings.ROOT_URLCONF)
import_module("footprint.calculation.ledger").prepare()
gc.collect()
gc.freeze()
gc.enable()

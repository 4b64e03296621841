"""The entry point of the web server."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
os.environ.setdefault("DATABASE_LOGIN", "app")

application = get_wsgi_application()
SIGNED = bool(settings.SECRET_KEY)  # stops here, by name, when the key is missing

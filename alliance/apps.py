from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllianceConfig(AppConfig):
    name = "alliance"
    verbose_name = _("Alliance")

    def ready(self) -> None:
        import_module("alliance.celery")  # so that tasks named anywhere are sent by our application
        authentication_failed = import_module("allauth.mfa.signals").authentication_failed
        authentication_failed.connect(import_module("accounts.second_factor").record_failure)

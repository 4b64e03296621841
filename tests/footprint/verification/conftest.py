"""A published figure, a verification body, and the verifier who was asked; made once for all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from footprint.publication.models import Publication
from tests.reviewing import kept
from tests.verifying import Scene, scene

SECRET = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def signs(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SECRET


@pytest.fixture(scope="package")
def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once, in a transaction that is rolled back when the last of these tests is over."""
    from django.conf import settings

    before = settings.PUBLICATION_SIGNING_KEY
    with django_db_blocker.unblock(), transaction.atomic():
        settings.PUBLICATION_SIGNING_KEY = SECRET
        call_command("load_rules", verbosity=0)
        yield scene()
        settings.PUBLICATION_SIGNING_KEY = before
        transaction.set_rollback(True)


@pytest.fixture
def here(whole: Scene, db: None) -> Scene:
    publication = Publication.objects.get(pk=whole.publication.pk)
    return replace(whole, plant=kept(whole.plant), publication=publication)

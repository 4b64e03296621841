"""A deal between two members; made once for all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from footprint.inventory.models import Product
from footprint.publication.models import Publication
from tests.reviewing import kept
from tests.sharing import Deal, deal

SECRET = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def signs(settings: Any) -> None:
    settings.PUBLICATION_SIGNING_KEY = SECRET


@pytest.fixture(scope="package")
def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[Deal]:
    """Built once, in a transaction that is rolled back when the last of these tests is over."""
    from django.conf import settings

    before = settings.PUBLICATION_SIGNING_KEY
    with django_db_blocker.unblock(), transaction.atomic():
        settings.PUBLICATION_SIGNING_KEY = SECRET
        call_command("load_rules", verbosity=0)
        yield deal()
        settings.PUBLICATION_SIGNING_KEY = before
        transaction.set_rollback(True)


@pytest.fixture
def here(whole: Deal, db: None) -> Deal:
    return replace(
        whole,
        supplier=kept(whole.supplier),
        publication=Publication.objects.get(pk=whole.publication.pk),
        product=Product.objects.get(pk=whole.product.pk),
    )

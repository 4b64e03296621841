"""What became of a footprint that somebody calculates with: told once, and chosen by people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Notification
from footprint.partners.models import PartnerFootprint
from footprint.sharing.actions.clock import watch
from tests.browsing import ask, browser
from tests.footprint.sharing.test_figures import Buyer, buyer

__all__ = ["buyer"]
pytestmark = pytest.mark.django_db


def test_who_calculates_with_it_is_told_once_and_chooses(buyer: Buyer) -> None:
    first = buyer.sent()
    figure = buyer.took(first, buyer.line)
    now = timezone.now()
    assert watch(at=now) == 0
    second = buyer.sent(kg="4", precedingPfIds=[str(first.pf_id)])
    assert [watch(at=now), watch(at=now)] == [1, 0]
    row = Notification.objects.get(subject_uuid=figure.uuid)
    assert (row.recipient_id, row.event) == (buyer.person.pk, "newer")
    client = browser(buyer.person)
    assert "A newer version was received. · Partner outside" in ask(client, "/notifications/")
    assert f"/partners/footprints/{second.uuid}/use/" in ask(client, "/sharing/figures/")
    before = buyer.figure()
    assert "Done meanwhile" not in ask(client, "/notifications/")
    buyer.took(second)
    assert buyer.figure() == before
    assert "Done meanwhile" in ask(client, "/notifications/")
    PartnerFootprint.objects.filter(pk=first.pk).update(status="Deprecated")
    assert watch(at=now) == 0
    PartnerFootprint.objects.filter(pk=second.pk).update(gone_at=now)
    assert watch(at=now) == 1
    assert "The supplier no longer shares it." in ask(client, "/sharing/figures/")

"""Other companies know nothing of a company's partners, by either lock."""

from __future__ import annotations

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners.models import (
    Connection,
    FootprintGrant,
    OfferedFootprint,
    PartnerSecret,
)
from tests import builders as new
from tests.footprint.partners.conftest import World

MODELS = (Connection, FootprintGrant, OfferedFootprint, PartnerSecret)


def test_an_outsider_sees_no_row(world: World) -> None:
    outsider = new.actor(new.company())
    with acting_as(outsider):
        for model in MODELS:
            assert not model.objects.visible_to(outsider).exists()
            assert not model.objects.exists(), "row-level security alone"


def test_a_partner_sees_what_is_its_own(world: World) -> None:
    partner = Actor(partner_id=world.connection.pk)
    with acting_as(partner):
        assert (
            Connection.objects.count()
            == FootprintGrant.objects.count()
            == OfferedFootprint.objects.count()
            == 1
        )
        assert not PartnerSecret.objects.exists()
        for model in MODELS[:3]:
            assert model.objects.visible_to(partner).count() == 1


def test_what_is_listed_for_others_stays_closed(world: World) -> None:
    other = new.company()
    with acting_as(Actor.worker()):
        OfferedFootprint.objects.update(only_for=[other.pk])
    partner = Actor(partner_id=world.connection.pk)
    with acting_as(partner):
        assert not OfferedFootprint.objects.exists()
        assert not OfferedFootprint.objects.visible_to(partner).exists()
    Connection.objects.filter(pk=world.connection.pk).update(partner=other)
    with acting_as(partner):
        assert OfferedFootprint.objects.count() == OfferedFootprint.objects.visible_to(partner).count() == 1

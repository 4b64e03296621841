"""Access tokens that ended are removed by the clock a week later; what was written down of them stays."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from accounts import tasks
from accounts.actions import add_service_client, stop_service_client
from accounts.actions.client import Credentials
from accounts.actions.forget_tokens import AT_A_TIME, KEPT, forget_tokens
from tests import builders as new
from tests.api.conftest import Machine, token_request
from tests.chains import entries
from tests.footprint.partners import conftest as partners

world, system = partners.world, partners.system
NOW = timezone.now()
MOMENT = timedelta(minutes=1)


@pytest.fixture
def made(db: None) -> Credentials:
    company = new.company("petro")
    return add_service_client(company, by=new.actor(company), name="SAP")


def token(application: Application, ended: timedelta, **more: object) -> AccessToken:
    """One that ended so long ago, having lived for an hour."""
    found = AccessToken.objects.create(
        application=application, token=f"{application.pk} {ended} {more}", expires=NOW - ended, scope="read"
    )
    AccessToken.objects.filter(pk=found.pk).update(created=NOW - ended - timedelta(hours=1), **more)
    return found


def test_a_week_after_their_end_tokens_go(made: Credentials) -> None:
    own = made.client.application
    kept = {token(own, ended).pk for ended in (KEPT - MOMENT, MOMENT, -MOMENT)}
    gone = {token(own, ended).pk for ended in (KEPT + MOMENT, 50 * KEPT)}
    assert forget_tokens(at=NOW) == len(gone)
    assert set(AccessToken.objects.values_list("pk", flat=True)) == kept
    assert forget_tokens(at=NOW) == 0


def test_one_that_was_ended_before_its_time_is_known_for_a_week_still(made: Credentials) -> None:
    issued = token_request(made.client.application, secret=made.client_secret).json()["access_token"]
    stop_service_client(made.client, by=new.actor(made.client.company))
    assert forget_tokens(at=timezone.now()) == 0
    assert Machine(issued).get("products/").status_code == 401
    assert [each.facts["reason"] for each in entries(made.client.company, action="token_refused")] == [
        "revoked"
    ]
    assert forget_tokens(at=timezone.now() + KEPT + MOMENT) == 1


def test_batch_by_batch(made: Credentials) -> None:
    own = made.client.application
    expired = NOW - KEPT - MOMENT
    AccessToken.objects.bulk_create(
        AccessToken(application=own, token=str(number), token_checksum=f"{number:064}", expires=expired)
        for number in range(AT_A_TIME + 2)
    )
    AccessToken.objects.update(created=expired)
    last = token(own, -MOMENT)
    assert forget_tokens(at=NOW) == AT_A_TIME + 2
    assert AccessToken.objects.get() == last


def test_what_was_written_down_of_partners_tokens_stays(
    world: partners.World, system: partners.System, caplog: pytest.LogCaptureFixture
) -> None:
    (issued,) = entries(world.company, action="token_issued")
    longer = KEPT + 2 * MOMENT
    AccessToken.objects.update(created=timezone.now() - longer, expires=timezone.now() - longer + MOMENT)
    with caplog.at_level(logging.INFO, logger="accounts.tasks"):
        tasks.forget()
    assert not AccessToken.objects.exists()
    (line,) = (each for each in caplog.records if each.message == "forgotten")
    assert vars(line)["facts"]["access_tokens"] == 1
    assert entries(world.company, action="token_issued") == [issued]
    answer = system.get("/3/footprints")
    assert (answer.status_code, answer.json()["code"]) == (401, "BadRequest")
    assert system.token(world.credentials.client_id, world.credentials.client_secret).status_code == 200

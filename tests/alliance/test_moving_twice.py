"""A move made twice at once takes effect once, whoever makes it; the other is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connections

from accounts.errors import NotAllowed, Refusal, Stale
from accounts.roles import Role
from footprint.inventory.models import Submission, SubmissionStep
from footprint.publication.models import Publication, PublicationStep
from tests import builders as new
from tests.reviewing import Plant, carried, moved, plant, published, republished

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real(transactional_db: None, settings: Any) -> Plant:
    """What is committed, so that two connections see it."""
    settings.PUBLICATION_SIGNING_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    call_command("load_rules", verbosity=0)
    return plant()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """What became of each, when all begin together on connections of their own."""
    gate = threading.Barrier(len(acts))
    became: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        close_old_connections()
        gate.wait()
        try:
            act()
            became.append("done")
        except (Stale, Refusal, NotAllowed) as refused:
            became.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(became)


def test_a_submission(real: Plant) -> None:
    """Two reviewers take one, and one of them accepts it twice."""
    submission = carried(real, "submitted")
    steward = new.person(real.people["steward"].memberships.get().company, Role.STEWARD)
    other = Plant(real.company, real.inventory, real.product, real.line, {**real.people, "steward": steward})
    took = at_once(*(lambda who=who: moved(who, Submission.objects.get(), "take") for who in (real, other)))
    assert took[0] == "done"
    assert took[1] in ("stale", "not_from_here")
    submission.refresh_from_db()
    accepted = at_once(*[lambda: moved(real, Submission.objects.get(), "accept")] * 2)
    assert accepted[0] == "done"
    assert SubmissionStep.objects.filter(submission=submission, move="take").count() == 1
    assert SubmissionStep.objects.filter(submission=submission, move="accept").count() == 1


def test_a_publication(real: Plant) -> None:
    carried(real)
    publication = published(real, until="approved")
    became = at_once(*[lambda: republished(real, Publication.objects.get(), "publish")] * 2)
    assert became[0] == "done"
    assert became[1] in ("stale", "not_from_here", "not_the_next")
    publication.refresh_from_db()
    assert publication.state == "published"
    assert PublicationStep.objects.filter(move="publish").count() == 1

"""Engagements: independence, what is read and for how long, by both locks, and what ends in a statement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Membership, Notification
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, FrozenCopy, Inventory
from footprint.publication.models import Publication
from footprint.publication.pages import paper
from footprint.verification import queries, standing
from footprint.verification.actions import add_line, close_finding, draw_sample
from footprint.verification.models import (
    Dossier,
    Engagement,
    EngagementStep,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from tests import builders as new
from tests.browsing import ask, browser
from tests.reviewing import prepared, republished
from tests.verifying import Scene

pytestmark = pytest.mark.django_db
PARTS = (Engagement, Dossier, SampledLine, VerificationFinding, EngagementStep, VerificationStatement)


def refusal(act: Any) -> str:
    with pytest.raises((Refusal, NotAllowed)) as caught, transaction.atomic():
        act()
    return str(caught.value.code)


def seen(actor: Actor, model: Any) -> tuple[int, int]:
    """How many rows each lock alone lets the actor have; both together as many as the narrower one."""
    with acting_as(actor):
        second, both = model.objects.count(), model.objects.visible_to(actor).count()
    first = model.objects.visible_to(actor).count()
    assert both == min(first, second)
    return first, second


def test_the_ordinary_way(here: Scene) -> None:
    statement = here.through()
    engagement = statement.engagement
    assert engagement.state == "stated"
    assert [step.move for step in EngagementStep.objects.order_by("pk")] == [
        "accept", "sample", "report", "state"
    ]  # fmt: skip
    told = statement.content
    assert (told["publication"], told["contentHash"]) == (
        str(here.publication.uuid), here.publication.content_hash
    )  # fmt: skip
    assert told["testRun"]["isSame"]
    assert float(told["testRun"]["difference"]) == 0
    assert statement.valid_until.year == statement.stated_on.year + 2
    (stated,) = standing.stated_of(Actor.nobody(), here.publication, timezone.localdate())
    assert stated.is_genuine
    assert stated.clock == "holds"


def test_a_verifier_of_the_group_is_refused(here: Scene) -> None:
    body = new.company(group=here.plant.company.group, kind="verifier")
    sister = new.person(body, Role.VERIFIER)
    assert refusal(lambda: here.engaged(verifier=str(sister.uuid))) == "not_independent"
    gone = Membership.objects.create(user=here.person, company=here.plant.company, role=Role.OWNER)
    Membership.objects.filter(pk=gone.pk).update(valid_to=timezone.localdate() - timedelta(days=900))
    assert refusal(here.engaged) == "not_independent"


def test_who_was_hired_meanwhile_cannot_declare_independence(here: Scene) -> None:
    engagement = here.engaged()
    Membership.objects.create(user=here.person, company=here.plant.company, role=Role.PLANT_PROVIDER)
    with pytest.raises(NotAllowed):
        here.accepted(engagement)


def test_nobody_but_the_engaged_person_works_on_it(here: Scene) -> None:
    engagement = here.engaged()
    colleague = actor_of_user(new.person(here.body, Role.VERIFIER))
    for model in PARTS:
        assert seen(colleague, model) == (0, 0)
    with pytest.raises(NotAllowed):
        here.moved(engagement, "decline", by=colleague, reason="x")
    with pytest.raises(NotAllowed):
        here.moved(engagement, "decline", by=here.owner, reason="x")
    with pytest.raises(NotAllowed):
        here.moved(engagement, "cancel", by=here.verifier, reason="x")


def test_the_dossier_opens_with_the_declaration_and_nothing_else_ever_does(here: Scene) -> None:
    engagement = here.engaged()
    assert seen(here.verifier, Engagement) == (1, 1)
    assert seen(here.verifier, Dossier) == (0, 0)
    here.accepted(engagement)
    assert seen(here.verifier, Dossier) == (1, 1)
    for model in (Inventory, Exchange, FrozenCopy):
        assert seen(here.verifier, model) == (0, 0)


@pytest.mark.parametrize("end", ["time", "role", "cancel"])
def test_access_ends_with_time_role_or_engagement_by_both_locks(here: Scene, end: str) -> None:
    engagement = here.looked_at(here.sampled(), finding=True)
    assert [seen(here.verifier, model) for model in PARTS[:5]] == [
        (1, 1), (1, 1), (SampledLine.objects.count(),) * 2, (1, 1), (3, 3)
    ]  # fmt: skip
    here.ended(engagement, end)
    assert [seen(here.verifier, model) for model in PARTS] == [(0, 0)] * 6


def test_the_sample_is_drawn_again_from_its_seed(here: Scene) -> None:
    engagement = here.sampled()
    with acting_as(here.verifier):
        found = queries.dossier(here.verifier, engagement)
        assert found is not None
        again = queries.sample(here.verifier, engagement)
    from footprint.verification.plan import planned

    assert engagement.seed is not None
    drawn = planned(found, size=3, seed=engagement.seed)
    assert [str(line.line) for line in again] == [each.key for each in drawn]
    assert "certain" in again[0].reasons


def test_a_size_a_seed_and_a_line_are_checked(here: Scene) -> None:
    engagement = here.accepted()
    verifier, now = here.verifier, timezone.now()

    def drawn(**more: Any) -> Any:
        return lambda: draw_sample(engagement, by=verifier, at=now, **more)

    with acting_as(verifier):
        assert refusal(drawn(size=0)) == "bad_size"
        assert refusal(drawn(size=3, seed=-1)) == "bad_seed"
        drawn(size=1)()
        (line,) = queries.sample(verifier, engagement)
        assert refusal(lambda: add_line(engagement, by=verifier, line=str(line.line))) == "duplicate"
        assert refusal(lambda: add_line(engagement, by=verifier, line="nothing")) == "not_found"


def test_nothing_is_reported_or_stated_too_early(here: Scene) -> None:
    engagement = here.sampled()
    assert refusal(lambda: here.moved(engagement, "report")) == "lines_open"
    here.looked_at(engagement, finding=True)
    assert refusal(lambda: here.stated(engagement)) == "findings_open"
    (found,) = queries.findings(Actor.worker(), engagement)
    with acting_as(here.verifier):
        assert refusal(lambda: close_finding(found, by=here.verifier, at=timezone.now())) == "not_answered"
    here.settled(engagement)
    assert here.stated(engagement).content["findings"] == {"note": 0, "minor": 0, "material": 1}


def test_the_database_itself_wants_an_answer_and_a_test_run(here: Scene) -> None:
    engagement = here.sampled()
    with pytest.raises(DatabaseError, match="looked at"), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(state="reported")
    here.looked_at(engagement, finding=True)
    with pytest.raises(DatabaseError, match="finding is open"), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(state="stated")


def test_a_company_changes_neither_findings_nor_statements(here: Scene) -> None:
    here.through()
    for order in (
        "UPDATE verification_verificationstatement SET outcome = 'modified'",
        "DELETE FROM verification_verificationstatement",
        "UPDATE verification_dossier SET content = '{}'",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting_as(here.owner),
            connection.cursor() as cursor,
        ):
            cursor.execute(order)


def test_whoever_sees_the_publication_sees_the_statement_and_nothing_behind_it(here: Scene) -> None:
    here.through()
    stranger = actor_of_user(new.person(new.company(), Role.OWNER))
    for actor in (stranger, Actor.nobody()):
        assert seen(actor, VerificationStatement) == (1, 1)
        for model in PARTS[:5]:
            assert seen(actor, model) == (0, 0)
    republished(here.plant, here.publication, "withdraw", reason="wrong")
    assert seen(stranger, VerificationStatement) == (1, 1)


def test_the_sheet_says_what_was_stated_and_that_nothing_was(
    here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    sheets: list[dict[str, Any]] = []
    monkeypatch.setattr(paper, "typeset", lambda _form, sheet, _day: sheets.append(dict(sheet)) or b"%PDF-")
    address = f"/declarations/{here.publication.uuid}/"
    assert "No verification body has stated anything about it." in ask(browser(None), address)
    browser(None).get(f"{address}declaration-en.pdf")
    assert sheets[-1]["verified"] == [] and "Scan to see" in sheets[-1]["verification"]
    statement = here.through()
    browser(None).get(f"{address}declaration-en.pdf")
    told = dict(sheets[-1]["verified"])
    assert told["Verification body"] == statement.content["body"]["nameEn"]
    assert told["Against which standard"] == statement.content["standard"]
    assert sheets[-1]["verification"] == ""
    assert "No verification body" not in ask(browser(None), address)
    VerificationStatement.objects.update(revoked_at=timezone.now())
    browser(None).get(f"{address}declaration-en.pdf")
    assert len(sheets) == 2  # what holds no longer is not told; that sheet is there already


def test_it_can_be_verified_before_it_is_approved(here: Scene) -> None:
    """Who approves sees the statement; others see it when what it is about is published."""
    republished(here.plant, here.publication, "withdraw", reason="verified first this time")
    here.publication = prepared(here.plant, "public")
    assert refusal(here.engaged) == "not_verifiable"
    republished(here.plant, here.publication, "self_check")
    statement = here.through()
    assert statement.content["contentHash"] == here.publication.content_hash
    page = f"/publications/{here.publication.uuid}/"
    assert "Nothing came to our attention." in ask(browser(here.plant.people["approver"]), page)
    stranger = actor_of_user(new.person(new.company(), Role.OWNER))
    assert seen(stranger, VerificationStatement) == (0, 0)
    for move in ("approve", "publish"):
        republished(here.plant, here.publication, move)
    assert seen(stranger, VerificationStatement) == (1, 1)
    assert "Nothing came to our attention." in ask(browser(None), f"/declarations/{here.publication.uuid}/")


def test_only_one_runs_at_a_time_and_only_of_what_still_holds(here: Scene) -> None:
    engagement = here.engaged()
    assert refusal(here.engaged) == "open_already"
    here.moved(engagement, "cancel", reason="x")
    republished(here.plant, here.publication, "withdraw", reason="wrong")
    assert refusal(here.engaged) == "not_verifiable"


def test_a_figure_that_moved_is_not_verified(here: Scene) -> None:
    Exchange.objects.filter(pk=here.plant.line.pk).update(amount="4")
    drain()
    assert refusal(here.engaged) == "figure_moved"


def test_every_clock(here: Scene) -> None:
    statement = here.through()
    today = statement.stated_on

    def clock(days: int) -> str:
        (found,) = standing.stated_of(here.owner, here.publication, today + timedelta(days=days))
        return found.clock

    assert clock(0) == "holds"
    assert clock(800) == "ended"
    Exchange.objects.filter(pk=here.plant.line.pk).update(amount="4")
    drain()
    here.publication = Publication.objects.get(pk=here.publication.pk)
    assert clock(0) == "drifted"
    here.moved(statement.engagement, "revoke", reason="the evidence was forged")
    assert clock(0) == "revoked"


def test_each_side_is_told_and_outsiders_are_not(here: Scene) -> None:
    engagement = here.looked_at(here.sampled(), finding=True)
    here.settled(engagement)
    here.stated(engagement)
    rows = Notification.objects.filter(subject="engagement").order_by("pk")
    told = [(row.recipient_id, row.event) for row in rows]
    owner, verifier = here.plant.people["owner"].pk, here.person.pk
    assert told == [
        (verifier, "request"), (owner, "accept"), (owner, "report"),
        (verifier, "answer"), (owner, "state"),
    ]  # fmt: skip

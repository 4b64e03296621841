"""Asking, giving, judging: the ways a request goes, what stands in the way, what the database keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Notification
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import grant_product
from footprint.inventory.models import ProductGrant
from footprint.publication import queries as publications
from footprint.sharing import actions, queries
from footprint.sharing.actions import clock
from footprint.sharing.actions.link import close_ended_links
from footprint.sharing.models import SharingRequest, SharingStep
from tests import builders as new
from tests.sharing import Deal, terms

pytestmark = pytest.mark.django_db


def test_a_pinned_version_is_signed_for_its_recipient(here: Deal) -> None:
    request = here.shared()
    assert (request.state, request.given_level) == ("shared", "stage")
    told = publications.signed_with(request.jws, request.key_id)
    assert told == request.content
    assert told["sharing"]["recipient"] == str(here.company.uuid)
    assert told["sharing"]["publication"] == here.publication.content_hash
    assert told["pcf"] == here.publication.content["pcf"]
    assert "calculation" not in told
    assert "parts" not in next(each for each in told["byProfile"] if "pcf" in each)
    assert told["stages"] == here.publication.content["stages"]
    by_stage = [float(each["AR6"]) for each in told["stages"]]
    assert sum(by_stage) == pytest.approx(float(told["pcf"]["AR6"]))


@pytest.mark.parametrize(("level", "has_parts", "is_whole"), [("total", False, False), ("full", True, True)])
def test_a_level_opens_what_it_says(here: Deal, level: str, has_parts: bool, is_whole: bool) -> None:
    request = here.shared(level=level)
    assert request.content is not None
    assert any("parts" in each for each in request.content["byProfile"]) is has_parts
    assert ("acceptance" in request.content) is is_whole
    unmet = {each.code for each in queries.unmet(here.buyer, request)}
    assert ("level" in unmet) is (level == "total")


def test_a_live_link_opens_the_total_until_it_is_revoked(here: Deal) -> None:
    last = timezone.localdate() + timedelta(days=90)
    request = here.moved(here.asked(level="total", ends_on=last), "acknowledge")
    request = here.shared(request, "live")
    grant = ProductGrant.objects.get()
    assert (grant.recipient_id, grant.ends_on) == (here.company.pk, last)
    with acting_as(here.buyer):
        (figure,) = queries.linked_figures(here.buyer, request)
        assert figure.kg_co2e_ar6 == here.supplier.footprint.kg_co2e_ar6
        assert queries.unmet(here.buyer, request) == []
    here.judged(request)
    here.moved(request, "revoke", reason="the contract ended")
    with acting_as(here.buyer):
        assert queries.linked_figures(here.buyer, request) == []
        assert not ProductGrant.objects.visible_to(here.buyer).in_force().exists()


def test_a_link_that_another_request_lives_by_stays(here: Deal) -> None:
    first, second = here.shared(mode="live"), here.shared(mode="live")
    here.moved(first, "revoke", reason="asked twice")
    assert ProductGrant.objects.in_force().count() == 1
    here.moved(second, "revoke", reason="over")
    assert not ProductGrant.objects.in_force().exists()


@pytest.mark.parametrize("days", [None, 30, 200])
def test_what_was_opened_by_hand_stays_open_as_long_as_that_said(here: Deal, days: int | None) -> None:
    today = timezone.localdate()
    by_hand = today + timedelta(days=days) if days else None
    asked_for = today + timedelta(days=90)
    with acting_as(here.seller):
        grant_product(here.supplier.product, by=here.seller, recipient=here.company, ends_on=by_hand)
    request = here.moved(here.asked(level="total", ends_on=asked_for), "acknowledge")
    request = here.shared(request, "live")
    while_both = None if by_hand is None else max(by_hand, asked_for)
    assert ProductGrant.objects.get().ends_on == while_both
    here.moved(request, "revoke", reason="the contract ended")
    assert ProductGrant.objects.in_force().get().ends_on == by_hand


@pytest.mark.parametrize(("end", "left_to_worker"), [("decline", 0), ("cancel", 1)])
def test_a_link_that_was_taken_up_and_ended_is_closed(here: Deal, end: str, left_to_worker: int) -> None:
    """At once by who gave it; what the recipient ends, who may close nothing, is closed by the worker."""
    request = here.judged(here.shared(mode="live"), "dispute", reason="too low")
    here.moved(request, "take_up", reason="calculated anew")
    assert ProductGrant.objects.in_force().exists()
    here.moved(request, end, reason="no agreement")
    assert ProductGrant.objects.in_force().count() == left_to_worker
    assert close_ended_links() == left_to_worker
    assert not ProductGrant.objects.in_force().exists()
    assert close_ended_links() == 0


def test_a_link_lasts_as_long_as_the_requests_that_live_by_it(here: Deal) -> None:
    last = timezone.localdate() + timedelta(days=90)
    here.shared(here.moved(here.asked(ends_on=last), "acknowledge"), "live")
    endless = here.shared(mode="live")
    assert ProductGrant.objects.get().ends_on is None
    here.moved(endless, "revoke", reason="over")
    assert ProductGrant.objects.get().ends_on == last


def test_a_link_that_ended_does_not_lengthen_the_next(here: Deal) -> None:
    endless = here.judged(here.shared(mode="live"), "dispute", reason="too low")
    here.moved(endless, "take_up", reason="calculated anew")
    here.moved(endless, "cancel")
    last = timezone.localdate() + timedelta(days=90)
    here.shared(here.moved(here.asked(ends_on=last), "acknowledge"), "live")
    assert ProductGrant.objects.get().ends_on == last


def test_going_over_to_a_pinned_version_closes_the_link(here: Deal) -> None:
    request = here.judged(here.shared(mode="live"), "dispute", reason="too low")
    here.moved(request, "take_up", reason="calculated anew")
    here.shared(request)
    assert not ProductGrant.objects.in_force().exists()


def test_a_dispute_names_its_sort_and_line_and_can_be_settled(here: Deal) -> None:
    request = here.judged(here.shared(), "reserve", reason="no data quality")
    assert (request.state, request.usability) == ("reserved", 1)
    here.judged(request, "dispute", line="pcf", reason="mass, not energy")
    step = SharingStep.objects.get(move="dispute")
    assert (step.code, step.line, request.usability) == ("allocation", "pcf", None)
    here.moved(request, "stand_by", reason="the rule demands it")
    assert request.state == "reviewing"
    here.judged(request, "dispute", reason="still")
    here.moved(request, "resolve", reason="agreed by telephone")
    assert (request.state, request.usability) == ("resolved", None)
    here.judged(request, "reserve", reason="as agreed")
    here.judged(request, "accept")
    assert (request.state, request.usability) == ("accepted", 1)
    here.moved(request, "revoke", reason="withdrawn all the same")


def test_a_level_that_the_statement_does_not_reach_is_refused(here: Deal) -> None:
    request = here.shared()
    assert request.content is not None
    assert request.content["sharing"]["missing"]["3"]
    with pytest.raises(Refusal) as refused:
        here.judged(request, usability=3)
    assert refused.value.code == "level_not_reached"
    with pytest.raises(Refusal):
        here.judged(request, usability=4)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"wanted": " "}, "wanted"),
        ({"unit": "parsec"}, "unit"),
        ({"level": "everything"}, "level"),
        ({"profile": "nobody-1"}, "profile"),
        ({"purpose": ""}, "purpose"),
        ({"may_pass_on": "yes"}, "may_pass_on"),
        ({"due_on": None}, "due_on"),
        ({"due_on": timezone.localdate()}, "due_on"),
        ({"ends_on": timezone.localdate()}, "ends_on"),
        ({"period_end": terms()["period_start"] - timedelta(days=1)}, "period_end"),
        ({"period_start": None}, "period_start"),
    ],
)
def test_terms_are_checked(here: Deal, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        here.asked(**change)
    assert refused.value.field == field


def test_everything_wrong_is_said_at_once(here: Deal) -> None:
    with pytest.raises(Refusals):
        here.asked(unit="", purpose="")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"publication": "nowhere"}, "not_found"),
        ({"mode": "live", "product": None}, "not_found"),
        ({"mode": "gift"}, "unknown_choice"),
        ({"level": "everything"}, "unknown_choice"),
    ],
)
def test_what_cannot_be_given_is_refused(here: Deal, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        here.shared(**given)
    assert refused.value.code == code


def test_a_live_link_in_another_unit_is_refused(here: Deal) -> None:
    request = here.moved(here.asked(unit="item"), "acknowledge")
    with pytest.raises(Refusal) as refused:
        here.shared(request, "live")
    assert refused.value.code == "unit_mismatch"


def test_each_side_makes_its_own_moves(here: Deal) -> None:
    request = here.asked()
    with pytest.raises(NotAllowed):
        here.moved(request, "acknowledge", by=here.buyer)
    with pytest.raises(NotAllowed):
        here.moved(request, "cancel", by=here.seller)
    with pytest.raises(Refusal):
        here.moved(request, "decline")
    assert here.moved(request, "decline", reason="not our product").state == "declined"
    with pytest.raises(Refusal):
        here.moved(request, "cancel")


def test_of_two_at_once_one_wins(here: Deal) -> None:
    request = here.asked()
    here.moved(request, "acknowledge", version=request.version)
    with pytest.raises(Stale):
        here.moved(SharingRequest.objects.get(), "prepare", version=1)


def test_the_clock_reminds_once_and_ends_what_nobody_answers(here: Deal) -> None:
    due = timezone.localdate() + timedelta(days=2)
    request = here.asked(due_on=due)
    Notification.objects.all().delete()
    now = timezone.now()
    assert actions.watch(at=now) == 1
    assert actions.watch(at=now) == 0
    assert actions.watch(at=now + timedelta(days=4)) == 2  # late: both sides
    actions.watch(at=now + timedelta(days=40))
    request.refresh_from_db()
    assert request.state == "expired"
    assert set(Notification.objects.values_list("event", flat=True)) == {"near", "late", "expire"}


def test_what_was_given_for_a_time_ends_with_it(here: Deal) -> None:
    """The copy is marked and nothing of it is handed out any more, as after a revocation."""
    last = timezone.localdate() + timedelta(days=10)
    request = here.judged(here.shared(here.moved(here.asked(ends_on=last), "acknowledge")))
    actions.watch(at=timezone.now() + timedelta(days=10))
    request.refresh_from_db()
    assert request.state == "accepted"
    actions.watch(at=timezone.now() + timedelta(days=11))
    request.refresh_from_db()
    assert (request.state, request.is_given) == ("over", False)
    assert "end" in Notification.objects.values_list("event", flat=True)
    with acting_as(here.buyer):
        (step, *_others) = queries.steps(here.buyer, [request])
    assert (step.move, step.by) == ("end", None)


def test_the_clock_leaves_what_was_taken_up_again(here: Deal) -> None:
    request = here.judged(here.shared(), "dispute", reason="too low")
    here.moved(request, "take_up", reason="calculated anew")
    Notification.objects.all().delete()
    assert actions.watch(at=timezone.now() + timedelta(days=400)) == 0
    request.refresh_from_db()
    assert (request.state, request.is_unanswered) == ("preparing", False)
    here.shared(request)


def test_the_clock_goes_on_past_what_was_moved_meanwhile(here: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [here.asked() for _each in range(3)]
    told = clock.tell_moved

    def meanwhile(request: SharingRequest, *given: Any, **more: Any) -> None:
        told(request, *given, **more)
        SharingRequest.objects.filter(pk=requests[1].pk, state="requested").update(
            state="acknowledged", version=F("version") + 1
        )

    monkeypatch.setattr(clock, "tell_moved", meanwhile)
    assert actions.watch(at=timezone.now() + timedelta(days=60)) == 2
    for each in requests:
        each.refresh_from_db()
    assert [each.state for each in requests] == ["expired", "acknowledged", "expired"]


def test_what_waits_is_on_each_sides_list(here: Deal) -> None:
    request = here.asked()
    assert [move.name for _each, move in queries.waiting(here.seller)] == ["acknowledge"]
    assert queries.waiting(here.buyer) == []
    here.shared(here.moved(request, "acknowledge"))
    assert [move.name for _each, move in queries.waiting(here.buyer)] == ["accept"]
    assert queries.waiting(here.seller) == []


# -- the database's own word -------------------------------------------------------------------------------
def _refused(deed: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        deed()


def test_the_database_keeps_sides_and_terms(here: Deal) -> None:
    request = here.shared()
    rows = SharingRequest.objects.filter(pk=request.pk)
    with acting_as(here.seller):
        _refused(lambda: rows.update(usability=3))
        _refused(lambda: rows.update(purpose="another"))
        assert rows.update(version=7) == 1
    with acting_as(here.buyer):
        _refused(lambda: rows.update(content={}))
        _refused(lambda: rows.update(jws=""))
    _refused(lambda: rows.update(state="requested"))
    _refused(lambda: SharingStep.objects.update(reason="nothing happened"))
    stranger = new.actor(new.company(), Role.OWNER)
    with acting_as(stranger):
        assert not SharingRequest.objects.exists()
        assert not SharingStep.objects.exists()
        assert rows.update(version=9) == 0


def test_a_request_begins_with_nothing_given(here: Deal) -> None:
    request = here.asked()
    with acting_as(here.buyer):
        copy = SharingRequest.objects.get(pk=request.pk)
        copy.pk, copy.uuid, copy.jws = None, new.uuid4(), "forged"
        _refused(lambda: copy.save(force_insert=True))


def test_neither_side_reads_the_others_products(here: Deal) -> None:
    request = here.shared()
    with acting_as(here.seller):
        assert queries.own_products(here.seller, [request.for_product_id]) == {}
    with acting_as(here.buyer):
        assert queries.open_products(here.buyer, [request.product_id]) == {}
        own = queries.own_products(here.buyer, [request.for_product_id, None])
        assert own == {here.product.pk: here.product.uuid}


@pytest.mark.parametrize("mode", ["pinned", "live"])
def test_nothing_is_given_after_the_last_day_of_its_use(here: Deal, mode: str) -> None:
    last = timezone.localdate() + timedelta(days=1)
    request = here.moved(here.asked(ends_on=last), "acknowledge")
    given = {"product": here.supplier.product, "publication": here.publication}
    with acting_as(here.seller), pytest.raises(Refusal) as refused:
        actions.share(request, by=here.seller, at=timezone.now() + timedelta(days=2), mode=mode, **given)
    assert refused.value.code == "past"
    assert here.shared(request, mode="pinned").state == "shared"

"""Long lists of partners: fetched in rounds, gone on with where they stopped, and what is missing is said."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Notification
from footprint.partners import actions
from footprint.partners.actions import pulling
from footprint.partners.answers import SENTENCES, sentence_of
from footprint.partners.calling import LONG_CALLS
from footprint.partners.models import Connection, PartnerFootprint
from footprint.partners.pact.dialect import to_v2
from tests.footprint.partners.conftest import BASE, World
from tests.footprint.partners.documents import whole
from tests.footprint.partners.test_asked_again import LIST, asked, reading
from tests.footprint.partners.test_events import Elsewhere, elsewhere

__all__ = ["elsewhere"]


def page(number: int) -> str:
    return LIST if number == 1 else f"{BASE}/3/footprints?page={number}"


def pages(elsewhere: Elsewhere, count: int, *, first: int = 1, rows: int = 1) -> None:
    """So many pages of so many footprints, each with the link to the next but the last."""
    for number in range(first, first + count):
        link = {"Link": f'<{page(number + 1)}>; rel="next"'} if number < first + count - 1 else {}
        elsewhere.answers[page(number)] = (200, {"data": [whole() for _row in range(rows)]}, link)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "ROUND_PAGES", 2)


def pull(world: World, **changes: Any) -> Connection:
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    Connection.objects.update(**changes) if changes else None
    actions.pull_due()
    return world.connection


def test_a_long_list_goes_on_in_the_next_round(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 5)
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    assert actions.pull_due() == 3
    ended = world.connection
    assert (ended.pull_told, ended.pull_due_at, ended.pull_page, ended.pull_attempts) == ("5", None, "", 1)
    assert PartnerFootprint.objects.count() == 5
    assert [asked(elsewhere, page(number)) for number in range(1, 6)] == [1] * 5
    assert not Notification.objects.exists()


def test_a_page_may_take_longer_than_an_event(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 1)
    pull(world)
    assert elsewhere.seconds[LIST] == 30
    assert elsewhere.seconds[f"{BASE}/auth/token"] == 5


def test_what_failed_in_the_middle_is_gone_on_with(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 3)
    rest, elsewhere.answers[page(2)] = elsewhere.answers[page(2)], (503, {}, {})
    waiting = pull(world)
    assert (waiting.pull_told, waiting.pull_page, waiting.pull_found) == ("HTTP 503", page(2), 1)
    browser, shown = reading(world), reverse("partners:connection", args=[waiting.uuid])
    told = browser.get(shown).content.decode()
    assert "Fetched so far" in told and "· HTTP 503" in told
    elsewhere.answers[page(2)] = rest
    Connection.objects.update(pull_due_at=timezone.now())
    actions.pull_due()
    assert (world.connection.pull_told, asked(elsewhere, LIST)) == ("3", 1)
    told = browser.get(shown).content.decode()
    assert "Fetched so far" not in told and "· 3 footprints" in told


def test_where_the_page_is_gone_it_begins_anew_later(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 3)
    rest, elsewhere.answers[page(2)] = elsewhere.answers[page(2)], (400, {}, {})
    waiting = pull(world)
    assert (waiting.pull_told, waiting.pull_page, waiting.pull_found) == ("HTTP 400", "", 0)
    assert waiting.pull_due_at is not None and waiting.pull_due_at > timezone.now()
    elsewhere.answers[page(2)] = rest
    Connection.objects.update(pull_due_at=timezone.now())
    actions.pull_due()
    assert (world.connection.pull_told, asked(elsewhere, LIST)) == ("3", 2)


def test_nothing_is_asked_of_a_host_that_is_the_partners_no_more(world: World, elsewhere: Elsewhere) -> None:
    """Their address was changed between two rounds: the token is the new host's, and stays there."""
    pages(elsewhere, 1)
    former = "https://former.example/3/footprints?page=2"
    elsewhere.answers[former] = (200, {"data": [whole()]}, {})
    ended = pull(world, pull_page=former, pull_found=1)
    assert asked(elsewhere, former) == 0
    assert (asked(elsewhere, LIST), ended.pull_told) == (1, "1")


def test_what_is_lost_with_a_worker_goes_on(
    world: World, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages(elsewhere, 3)
    kept = pulling.keep

    def killed(*given: Any, **told: Any) -> bool:
        if PartnerFootprint.objects.exists():
            raise KeyboardInterrupt
        return kept(*given, **told)

    monkeypatch.setattr(pulling, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        pull(world)
    lost = world.connection
    assert lost.pull_page == page(2)
    assert lost.pull_due_at is not None and lost.pull_due_at <= timezone.now() + pulling.HELD
    monkeypatch.setattr(pulling, "keep", kept)
    Connection.objects.update(pull_due_at=timezone.now())
    actions.pull_due()
    assert (world.connection.pull_told, asked(elsewhere, LIST)) == ("3", 1)


def test_who_asks_anew_meanwhile_is_served(
    world: World, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages(elsewhere, 3)
    kept, again = pulling.keep, []

    def asking(*given: Any, **told: Any) -> bool:
        if not again:
            again.append(actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now()))
        return kept(*given, **told)

    monkeypatch.setattr(pulling, "keep", asking)
    assert pull(world).pull_told == "3"
    assert asked(elsewhere, LIST) == 2


def test_what_takes_long_leaves_a_worker_free(
    world: World, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages(elsewhere, 5)
    actions.ask_to_pull(world.connection, by=world.owner, at=timezone.now())
    with psycopg.connect(**connections["default"].get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [LONG_CALLS])
        assert actions.pull_due() == 0, "another worker is at it"
        other.execute("SELECT pg_advisory_unlock(%s, 0)", [LONG_CALLS])
    monkeypatch.setattr(pulling, "TURN_SECONDS", 0.0)
    assert [actions.pull_due() for _turn in range(4)] == [1, 1, 1, 0]
    assert world.connection.pull_told == "5"


def test_more_than_can_be_fetched_is_said(
    world: World, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages(elsewhere, 9)
    monkeypatch.setattr(pulling, "MOST_FOUND", 3)
    ended = pull(world)
    assert (ended.pull_due_at, PartnerFootprint.objects.count()) == (None, 3)
    browser = reading(world)
    shown = browser.get(reverse("partners:connection", args=[ended.uuid])).content.decode()
    assert "3 came, the others are missing" in shown
    assert Notification.objects.get().event == "not_fetched"


def test_pages_without_footprints_have_an_end(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 50, rows=0)
    ended = pull(world)
    assert "page after page without a footprint" in ended.pull_told
    assert len(elsewhere.calls) < 10
    assert Notification.objects.get().event == "not_fetched"


def test_pages_in_a_circle_are_a_list(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 2)
    elsewhere.answers[page(2)] = (*elsewhere.answers[page(2)][:2], {"Link": f'<{LIST}>; rel="next"'})
    assert pull(world).pull_told == "2"


def test_what_came_of_it_is_said_in_both_languages() -> None:
    with translation.override("en"):
        told = {text: sentence_of(f"{text} 401") for text in SENTENCES}
    with translation.override("zh-hans"):
        for text, english in told.items():
            assert sentence_of(f"{text} 401") != english
        assert sentence_of("no token: answer 401").endswith("401。")
    assert sentence_of("HTTP 503") == "HTTP 503"


def test_what_is_no_longer_listed_is_marked_and_kept(world: World, elsewhere: Elsewhere) -> None:
    """What came in an answer was never on the list, and is not missed there."""
    stays, ends, answered = whole(), whole(), whole()
    elsewhere.answers[LIST] = (200, {"data": [stays, ends]}, {})
    pull(world)
    pulling.keep(world.connection, answered, at=timezone.now())
    elsewhere.answers[LIST] = (200, {"data": [stays]}, {})
    before = timezone.now()
    pull(world)
    (gone,) = PartnerFootprint.objects.exclude(gone_at=None)
    assert (str(gone.pf_id), gone.original != "", gone.gone_at > before) == (ends["id"], True, True)
    browser = reading(world)
    told = browser.get(reverse("partners:received", args=[gone.uuid])).content.decode()
    assert "The partner no longer shares it since" in told
    assert "No longer shared" in browser.get(reverse("partners:footprint_list")).content.decode()
    first = gone.gone_at
    pull(world)
    gone.refresh_from_db()
    assert gone.gone_at == first
    elsewhere.answers[LIST] = (200, {"data": [stays, ends]}, {})
    pull(world)
    assert not PartnerFootprint.objects.exclude(gone_at=None).exists()


def test_a_list_that_was_not_had_whole_marks_nothing(world: World, elsewhere: Elsewhere) -> None:
    pages(elsewhere, 2)
    pull(world)
    elsewhere.answers[page(2)] = (503, {}, {})
    pull(world)
    assert not PartnerFootprint.objects.exclude(gone_at=None).exists()


def _limited(limit: int, version: int = 3) -> str:
    return f"{BASE}/{version}/footprints?limit={limit}"


def test_where_a_page_is_too_long_fewer_are_asked_for(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.too_long = {_limited(100), page(2)}
    link = {"Link": f'<{page(2)}>; rel="next"'}
    elsewhere.answers[_limited(50)] = (200, {"data": [whole()]}, link)
    elsewhere.answers[_limited(25)] = (200, {"data": [whole(), whole()]}, {})
    ended = pull(world)
    assert (ended.pull_told, ended.pull_limit, ended.pull_due_at, ended.pull_attempts) == ("2", 25, None, 1)
    elsewhere.too_long = set()
    elsewhere.answers[LIST] = (200, {"data": [whole()]}, {})
    assert (pull(world).pull_told, asked(elsewhere, LIST)) == ("1", 2)


def test_a_single_footprint_that_is_too_long_is_said(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.too_long = {_limited(limit) for limit in (100, 50, 25, 12, 6, 3, 1)}
    ended = pull(world)
    assert (ended.pull_limit, ended.pull_due_at) == (1, None)
    assert sentence_of(ended.pull_told) == SENTENCES[ended.pull_told]
    assert Notification.objects.get().event == "not_fetched"


def test_a_partner_that_went_over_to_another_version_is_asked_in_that(
    world: World, elsewhere: Elsewhere
) -> None:
    """In the middle of a list of version 2, whose further pages are gone as its first one is."""
    Connection.objects.update(speaks=2)
    second = to_v2(whole()).document
    link = {"Link": f'<{BASE}/2/footprints?page=2>; rel="next"'}
    elsewhere.answers[_limited(100, 2)] = (200, {"data": [second]}, link)
    elsewhere.answers[f"{BASE}/2/footprints?page=2"] = (404, {}, {})
    before = pull(world)
    assert (before.pull_told, before.pull_page, before.speaks) == ("HTTP 404", "", 2)
    elsewhere.answers[_limited(100, 2)] = (404, {}, {})
    elsewhere.answers[_limited(1)] = (200, {"data": [whole()]}, {})
    pages(elsewhere, 2)
    Connection.objects.update(pull_due_at=timezone.now())
    actions.pull_due()
    ended = world.connection
    assert (ended.pull_told, ended.speaks, ended.version) == ("2", 3, before.version + 1)
    assert PartnerFootprint.objects.filter(speaks=3).count() == 2


def test_without_a_list_in_either_version_it_ends(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.answers |= {_limited(100): (404, {}, {}), _limited(1, 2): (200, {}, {})}
    ended = pull(world)
    assert (ended.pull_told, ended.pull_due_at, ended.speaks) == ("HTTP 404", None, 3)


def test_the_version_may_be_changed_between_two_pages(world: World, elsewhere: Elsewhere) -> None:
    """What is listed in the former one would be read as the other."""
    pages(elsewhere, 1)
    former = f"{BASE}/2/footprints?page=2"
    elsewhere.answers[former] = (200, {"data": [to_v2(whole()).document]}, {})
    ended = pull(world, pull_page=former, pull_found=1)
    assert (asked(elsewhere, former), ended.pull_told) == (0, "1")

"""Pages of submissions: the whole way in three people's browsers, refusals in place, the outsider."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.inventory.models import ReviewThread, Submission
from tests import builders as new
from tests.browsing import ask, browser, send
from tests.reviewing import Plant, carried, changed, moved

pytestmark = pytest.mark.django_db


def test_the_whole_way(here: Plant) -> None:
    owner, approver, steward = (browser(here.people[name]) for name in ("owner", "approver", "steward"))
    assert "Submit to the alliance" in ask(owner, f"/inventories/{here.inventory.uuid}/")
    begun: Any = send(owner, f"/inventories/{here.inventory.uuid}/submit/")
    page = begun.url
    assert "Every check passes" in ask(owner, page)
    assert "Nothing submitted yet" in ask(steward, "/submissions/")
    send(owner, f"{page}move/", move="hand_in", version="1")
    assert "Confirm and submit" not in ask(owner, page)
    assert page in ask(approver, "/")
    send(approver, f"{page}move/", move="submit", version="2")
    assert page not in ask(approver, "/")
    assert page in ask(steward, "/")
    assert page in ask(steward, "/submissions/")
    assert "Ask about the whole" not in ask(steward, f"{page}room/")
    send(steward, f"{page}move/", move="take", version="3")
    room = ask(steward, f"{page}room/?line={here.line.uuid}")
    assert "Ask about CO" in room
    send(steward, f"{page}ask/", line=str(here.line.uuid), text="Why three?")
    assert (
        "1 thread is still open"
        in send(steward, f"{page}move/", 422, move="accept", version="4").content.decode()
    )
    thread = ReviewThread.objects.get()
    assert "Why three?" in ask(owner, f"{page}room/")
    assert "Why three?" in ask(owner, "/")
    send(owner, f"/threads/{thread.uuid}/answer/", text="Read off the meter")
    assert "Read off the meter" in ask(steward, f"{page}room/")
    assert "Why three?" not in ask(owner, "/")
    send(steward, f"/threads/{thread.uuid}/close/")
    send(steward, f"{page}move/", move="accept", version="4")
    assert "Accepted" in ask(owner, page)
    assert page not in ask(owner, "/")


def test_a_refusal_stands_beside_the_buttons(here: Plant) -> None:
    submission = carried(here, "internal_review")
    page = f"/submissions/{submission.uuid}/"
    approver = browser(here.people["approver"])
    answer = send(approver, f"{page}move/", 422, move="send_back", version=str(submission.version))
    assert "Say why" in answer.content.decode()
    stale = send(approver, f"{page}move/", 409, move="submit", version="1")
    assert "Somebody else moved this" in stale.content.decode()
    send(approver, f"{page}move/", 422, move="fly", version="2")


def test_who_gets_it_back_reads_why_first(here: Plant) -> None:
    submission = carried(here, "under_review")
    send(
        browser(here.people["steward"]),
        f"/submissions/{submission.uuid}/move/",
        move="return",
        reason="Which meter was read?",
    )
    page = ask(browser(here.people["owner"], "zh-hans"), f"/submissions/{submission.uuid}/")
    assert page.index("Which meter was read?") < page.index('id="moves"')


def test_a_review_in_chinese_has_the_words_of_a_review(here: Plant) -> None:
    submission = carried(here, "under_review")
    steward = browser(here.people["steward"], "zh-hans")
    room = f"/submissions/{submission.uuid}/room/"
    send(steward, f"/submissions/{submission.uuid}/ask/", text="Why three?")
    assert "未关闭" in ask(steward, room)
    send(steward, f"/threads/{ReviewThread.objects.get().uuid}/close/")
    assert "已关闭" in ask(steward, room)
    line = browser(here.people["owner"], "zh-hans")
    assert ">生产<" in ask(line, f"/exchanges/{here.line.uuid}/")


def test_the_wrong_role_is_told_so(here: Plant) -> None:
    submission = carried(here, "internal_review")
    for name, move in (("owner", "submit"), ("owner", "accept"), ("approver", "hand_in")):
        send(browser(here.people[name]), f"/submissions/{submission.uuid}/move/", 403, move=move)


def test_what_changed_since_the_last_acceptance(here: Plant) -> None:
    carried(here)
    changed(here, 4)
    submission = carried(here, "submitted")
    for name in ("approver", "steward"):
        page = ask(browser(here.people[name]), f"/submissions/{submission.uuid}/")
        assert "+33.3%" in page
        assert "What changed since the last acceptance" in page


def test_why_a_figure_moved_is_offered_where_there_was_one_the_year_before(here: Plant) -> None:
    submission = carried(here, "submitted")
    page, owner = f"/submissions/{submission.uuid}/", browser(here.people["owner"])
    assert "Why it moved" not in ask(owner, page)
    year_before = new.inventory(here.inventory.site, year=here.inventory.period_end.year - 1)
    new.output(new.process(year_before), here.product)
    drain()
    shown = ask(owner, page)
    assert "Why it moved" in shown and "show:#since:top" in shown, "a click is answered where it is seen"
    assert shown.count('hx-trigger="load"') == 1, "the first comes by itself, and moves nothing"
    assert "Why it moved" not in ask(browser(here.people["steward"]), page)


def test_a_copy_that_is_no_longer_the_inventory_says_so(here: Plant) -> None:
    submission = carried(here)
    owner, page = browser(here.people["owner"]), f"/submissions/{submission.uuid}/"
    assert "The inventory was changed since." not in ask(owner, page)
    here.line.comment = "read off again"
    here.line.save()
    assert "once it is accepted again" in ask(owner, page)
    assert "The inventory was changed since." not in ask(browser(here.people["steward"]), page)


def test_what_blocks_is_listed_with_its_place(here: Plant) -> None:
    process = new.process(here.inventory, "idle")
    submission = carried(here, "draft")
    page = ask(browser(here.people["owner"]), f"/submissions/{submission.uuid}/")
    assert "The process makes nothing" in page
    assert str(process.uuid) in page
    assert "单元过程</th>" in ask(
        browser(here.people["owner"], "zh-hans"), f"/submissions/{submission.uuid}/"
    )


def test_nothing_of_it_exists_for_others(here: Plant) -> None:
    """Not for a stranger, nor for a reviewer before it was submitted or after it was withdrawn."""
    submission = carried(here, "internal_review")
    page = f"/submissions/{submission.uuid}/"
    stranger = browser(new.person(new.company(), Role.OWNER))
    steward = browser(here.people["steward"])
    for client in (stranger, steward):
        ask(client, page, 404)
        ask(client, f"{page}room/", 404)
        send(client, f"{page}move/", 404, move="submit")
        send(client, f"{page}ask/", 404, text="?")
        assert page not in ask(client, "/submissions/")
    send(stranger, f"/inventories/{here.inventory.uuid}/submit/", 404)
    moved(here, submission, "submit")
    ask(steward, page)
    ask(stranger, page, 404)
    moved(here, submission, "withdraw", reason="a mistake")
    ask(steward, page, 404)
    assert Submission.objects.get(pk=submission.pk).state == "withdrawn"


def test_a_finding_names_its_process_and_its_line(here: Plant) -> None:
    process = here.line.process
    type(process).objects.filter(pk=process.pk).update(name_en="Steam cracker", name_zh="裂解")
    new.takes(process, new.product(here.company, "lime", "item", name_en="Quick lime", name_zh="生石灰"), "4")
    drain()
    for state, people in (("draft", ["owner"]), ("submitted", ["owner", "steward"])):
        submission = carried(here, state)
        for who in people:
            page = ask(browser(here.people[who]), f"/submissions/{submission.uuid}/")
            report = page.split("What the gate says", 1)[1].split("</section>")[0]
            assert "Steam cracker" in report and "Quick lime" in report, (state, who)
        moved(here, submission, "withdraw", reason="once more")


def test_a_second_round_shows_what_was_changed_since_it_was_returned(here: Plant) -> None:
    """Also what a copy in between says is nobody's at the alliance to be asked about."""
    submission = carried(here, "under_review")
    room = f"/submissions/{submission.uuid}/room/"
    steward = browser(here.people["steward"])
    assert "since it was returned" not in ask(steward, room)
    moved(here, submission, "return", reason="Which meter?")
    changed(here, 4)
    moved(here, submission, "hand_in")
    moved(here, submission, "send_back", reason="five, not four")
    changed(here, 5)
    for move in ("hand_in", "submit", "take"):
        moved(here, submission, move)
    for name, page in (("steward", room), ("approver", f"/submissions/{submission.uuid}/")):
        shown = ask(browser(here.people[name]), page)
        panel = shown.split('id="since-returned"', 1)[1].split("</section>")[0]
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", panel)
        assert cells == ["Changed", "Amount", "3", "5", "kg", "+66.7%"]
        assert "round 1" in panel


def test_a_changed_amount_is_exported_with_its_unit_and_its_change_apart(here: Plant) -> None:
    carried(here)
    changed(here, 4)
    submission = carried(here, "submitted")
    page = ask(browser(here.people["steward"]), f"/submissions/{submission.uuid}/")
    place = next(
        str(at) for at, table in enumerate(page.split('<table class="rows')[1:], 1) if ">Before<" in table
    )
    path = f"/submissions/{submission.uuid}/?format=csv&table={place}"
    (row,) = csv.DictReader(io.StringIO(ask(browser(here.people["steward"]), path).lstrip("\ufeff")))
    heads = ("Before", "After", "Unit", "Relative change", "Relative change: unit")
    assert [row[name] for name in heads] == ["3", "4", "kg", "33.3", "%"]


def test_a_review_is_handed_on_as_files(here: Plant) -> None:
    submission = carried(here, "under_review")
    page, steward = f"/submissions/{submission.uuid}/", browser(here.people["steward"])
    send(steward, f"{page}ask/", line=str(here.line.uuid), text="Why three?")
    send(steward, f"{page}ask/", text="=all of it")
    thread = ReviewThread.objects.get(line=here.line.uuid)
    send(browser(here.people["owner"]), f"/threads/{thread.uuid}/answer/", text="Read off the meter")
    room = ask(steward, f"{page}room/")
    assert f"{page}threads.csv" in room and f"{page}lines.csv?format=xlsx" in room

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(ask(steward, f"{page}{name}.csv").lstrip("\ufeff"))))

    said = [(row["Line"], row["State"], row["Remark"]) for row in rows("threads")]
    assert said == [
        ("CO2", "Still open", "Why three?"),
        ("CO2", "Still open", "Read off the meter"),
        ("The whole submission", "Still open", "'=all of it"),
    ]
    told = {
        row["Line"]: (row["Amount in the period"], row["Unit"], row["Open threads"]) for row in rows("lines")
    }
    assert told["CO2"] == ("3", "kg", "1")
    assert rows("checklist") == []
    for name in ("lines", "threads", "checklist"):
        ask(browser(new.person(new.company(), Role.OWNER)), f"{page}{name}.csv", 404)

"""Both sides at their browsers and over REST; refusals in place; the outsider."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.figures import long_date
from accounts.models import Membership, Notification
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners.models import Connection
from footprint.rules.models import MethodProfile
from footprint.sharing.models import SharingRemark, SharingRequest
from footprint.sharing.words import MOVES
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.sharing import Deal, terms

pytestmark = pytest.mark.django_db
SEEN = re.compile(r'name="version" value="(\d+)"')


def test_a_move_is_a_verb_in_chinese_too() -> None:
    """ "Share" is what a part has of a figure, too: the task read as a proportion."""
    with override("zh-hans"):
        assert str(MOVES["share"]) == "提供碳足迹"


def test_the_whole_way(here: Deal) -> None:
    buyer, seller = browser(here.person), browser(here.supplier.people["owner"])
    fields = {name: str(value) for name, value in terms().items()} | {
        "supplier": str(here.supplier.company.uuid),
        "for_product": str(here.product.uuid),
    }
    assert "Declared unit" in ask(buyer, "/sharing/ask/")
    assert "must not be empty" in text(send(buyer, "/sharing/ask/", 422, **fields | {"purpose": ""}))
    send(buyer, "/sharing/ask/", **fields)
    page = f"/sharing/{SharingRequest.objects.get().uuid}/"
    assert page in ask(seller, "/sharing/")
    assert page in ask(buyer, "/sharing/?box=out")
    assert "Requests for footprints that wait for you" in ask(seller, "/")
    send(seller, f"{page}move/", move="acknowledge")
    assert str(here.publication.uuid) in ask(seller, page)
    send(seller, f"{page}share/", 422, mode="pinned")
    send(seller, f"{page}share/", mode="pinned", publication=str(here.publication.uuid), level="stage")
    assert "Requests for footprints that wait for you" in ask(buyer, "/")
    assert "reaches usability level" in ask(buyer, page)
    shown = ask(buyer, page)
    profile = MethodProfile.objects.get(code="iso-14067-2018")
    assert profile.name_en in shown and f">{profile.code}" not in shown
    send(buyer, f"{page}accept/", 422, usability="3")
    send(buyer, f"{page}accept/", 422, usability="1", reserve="1", reason="")
    send(buyer, f"{page}accept/", usability="1", reserve="1", reason="no ratings")
    send(buyer, f"{page}dispute/", 422, code="unit", line="", reason="x")
    send(buyer, f"{page}dispute/", code="unit", line="whole", reason="per tonne")
    assert "per tonne" in ask(seller, page)
    send(seller, f"{page}move/", 422, move="stand_by", reason="")
    send(seller, f"{page}move/", move="stand_by", reason="it is per kilogram")
    send(buyer, f"{page}accept/", usability="1")
    assert ask(buyer, f"{page}statement.jws") == SharingRequest.objects.get().jws
    for reader in (buyer, seller):
        assert "Footprint accepted" in ask(reader, page)


def test_a_dispute_points_at_what_was_given_and_both_read_what_came_of_it(here: Deal) -> None:
    buyer, seller = browser(here.person), browser(here.supplier.people["owner"])
    page = f"/sharing/{here.shared(level='stage').uuid}/"
    send(buyer, f"{page}dispute/", 422, code="unit", line="stages/none", reason="x")
    offered = ask(buyer, page)
    assert '<option value="whole">The whole' in offered and '<option value="stages/production">' in offered
    assert "Life-cycle stage · Production" in offered and "/parts/" not in offered
    send(buyer, f"{page}dispute/", code="unit", line="stages/production", reason="per tonne")
    assert "Declared unit · Life-cycle stage · Production" in text(seller.get(page))
    send(seller, f"{page}move/", move="take_up", reason="looked at again")
    send(seller, f"{page}share/", mode="pinned", publication=str(here.publication.uuid), level="full")
    assert '<option value="byProfile/iso-14067-2018/parts/' in ask(buyer, page)
    send(buyer, f"{page}dispute/", code="allocation", line="whole", reason="by mass")
    send(seller, f"{page}move/", move="stand_by", reason="it is per kilogram")
    for reader in (buyer, seller):
        told = ask(reader, page)
        for said in (
            "per tonne",
            "looked at again",
            "by mass",
            "Allocation · The whole",
            "it is per kilogram",
        ):
            assert said in told


def test_who_acts_for_several_companies_says_for_which(here: Deal) -> None:
    """The request and the partner belong to the chosen one, not to the first."""
    second = new.company()
    Membership.objects.create(user=here.person, company=second, role=Role.OWNER)
    buyer = browser(here.person)
    fields = {name: str(value) for name, value in terms().items()}
    fields |= {"supplier": str(here.supplier.company.uuid), "company": str(second.uuid)}
    assert "For which of your companies" in ask(buyer, "/sharing/ask/")
    foreign = {**fields, "company": str(here.supplier.company.uuid)}
    assert "is not one of the available choices" in text(send(buyer, "/sharing/ask/", 422, **foreign))
    send(buyer, "/sharing/ask/", **fields)
    assert SharingRequest.objects.get().company == second
    partner = {"name": "New", "speaks": "3", "answers": "people", "company": str(second.uuid)}
    send(buyer, "/partners/add/", **partner)
    assert Connection.objects.get(name="New").company == second


def test_outsiders_find_nothing_and_colleagues_may_not(here: Deal) -> None:
    request = here.shared()
    stranger = browser(new.person(new.company(), Role.OWNER))
    page = f"/sharing/{request.uuid}/"
    for path in (page, f"{page}statement.jws"):
        ask(stranger, path, 404)
    for path in ("move/", "share/", "accept/", "dispute/"):
        send(stranger, page + path, 404)
    ask(stranger, f"/api/v1/sharing-requests/{request.uuid}/", 404)
    colleague = browser(new.person(here.company, Role.APPROVER))
    ask(colleague, page)
    send(colleague, f"{page}accept/", 403, usability="1")
    send(colleague, f"{page}move/", 403, move="review")
    ask(colleague, "/sharing/ask/", 403)


def _posted(client: Client, path: str, body: dict[str, Any], etag: str = "") -> Any:
    headers = {"If-Match": etag} if etag else {}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_rest(here: Deal) -> None:
    buyer, seller = browser(here.person), browser(here.supplier.people["owner"])
    body = {name: value if isinstance(value, bool) else str(value) for name, value in terms().items()}
    body["supplier"] = str(here.supplier.company.uuid)
    made = _posted(buyer, "/api/v1/sharing-requests/", body)
    assert made.status_code == 201, made.json()
    one = f"/api/v1/sharing-requests/{made.json()['uuid']}/"
    assert _posted(seller, f"{one}moves/", {"move": "acknowledge"}, made["ETag"]).status_code == 200
    given = {"mode": "live", "product": str(here.supplier.product.uuid)}
    shared = _posted(seller, f"{one}share/", given, seller.get(one)["ETag"])
    assert (shared.status_code, shared.json()["product"]) == (200, given["product"])
    told = {"judgement": "accept", "usability": 2}
    assert _posted(buyer, f"{one}judgement/", told, made["ETag"]).status_code == 412
    accepted = _posted(buyer, f"{one}judgement/", told, shared["ETag"])
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert accepted.json()["disputable"] == ["whole"]
    elsewhere = {"judgement": "dispute", "code": "unit", "line": "pcf", "reason": "x"}
    refused = _posted(buyer, f"{one}judgement/", elsewhere, accepted["ETag"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_choice")
    assert [each["move"] for each in accepted.json()["steps"]] == ["accept", "share", "acknowledge"]
    _posted(seller, f"{one}moves/", {"move": "revoke", "reason": "over"}, accepted["ETag"])
    listed = buyer.get("/api/v1/sharing-requests/?state=revoked").json()
    assert len(listed["results"]) == 1


def test_what_was_revoked_is_not_handed_out_any_longer(here: Deal) -> None:
    request = here.shared()
    buyer, one = browser(here.person), f"/api/v1/sharing-requests/{request.uuid}/"
    told = buyer.get(one).json()
    assert (told["jws"], told["key_id"]) == (request.jws, request.key_id)
    assert told["content"] == request.content
    here.moved(request, "revoke", reason="withdrawn")
    (listed,) = buyer.get("/api/v1/sharing-requests/").json()["results"]
    for told in (buyer.get(one).json(), listed):
        assert (told["content"], told["jws"], told["key_id"]) == (None, "", "")
    assert set(buyer.get(f"{one}?fields=uuid,jws").json()) == {"uuid", "jws"}


def test_the_day_after_the_last_nothing_is_handed_out_though_the_clock_did_not_come(
    here: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = timezone.localdate() + timedelta(days=10)
    request = here.judged(here.shared(here.moved(here.asked(ends_on=last), "acknowledge")))
    buyer, one = browser(here.person), f"/api/v1/sharing-requests/{request.uuid}/"
    signed = f"/sharing/{request.uuid}/statement.jws"
    for today, is_given in ((last, True), (last + timedelta(days=1), False)):
        monkeypatch.setattr(timezone, "localdate", lambda *_, day=today: day)
        assert bool(buyer.get(one).json()["content"]) is is_given
        assert buyer.get(signed).status_code == (200 if is_given else 404)
        for page in (f"/sharing/{request.uuid}/", "/sharing/?box=out"):
            assert ("Agreed use ended" in ask(buyer, page)) is not is_given


@pytest.mark.parametrize("mode", ["live", "pinned"])
def test_the_owner_sees_who_had_what_and_until_when(here: Deal, mode: str) -> None:
    last = timezone.localdate() + timedelta(days=40)
    asked = here.asked(level="total", ends_on=last, wanted="Something light")
    request = here.shared(here.moved(asked, "acknowledge"), mode, level="total")
    seller, buyer = browser(here.supplier.people["owner"]), browser(here.person)
    page, name = f"/sharing/{request.uuid}/", here.supplier.product.name_en
    assert long_date(last, "en") in ask(seller, "/sharing/")
    here.moved(request, "revoke", reason="the contract ended")
    today = long_date(timezone.localdate(), "en")
    for listed in (ask(seller, "/sharing/"), ask(buyer, "/sharing/?box=out")):
        assert today in listed and long_date(last, "en") not in listed
    given = ask(seller, page).partition("What was given")[2]
    assert name in given and today in given
    assert name not in ask(buyer, page).partition("What was given")[2]
    assert today in seller.get("/sharing/?format=csv").content.decode()
    with override("zh-hans"):
        assert SharingRequest.objects.get().get_state_display() == "已撤销"


@pytest.mark.parametrize(
    ("door", "asked"),
    [
        ("accept/", {"usability": "1"}),
        ("accept/", {"usability": "1", "reserve": "1", "reason": "no ratings"}),
        ("dispute/", {"code": "unit", "line": "pcf", "reason": "per tonne"}),
    ],
)
def test_nobody_judges_what_they_have_not_seen(here: Deal, door: str, asked: dict[str, str]) -> None:
    request = here.shared()
    buyer, page = browser(here.person), f"/sharing/{request.uuid}/"
    seen = SEEN.findall(ask(buyer, page))
    assert set(seen) == {str(request.version)} and len(seen) == 3
    here.judged(request, "dispute", reason="too low")
    here.moved(request, "take_up", reason="calculated anew")
    here.shared(request, level="total")
    refused = text(send(buyer, page + door, 409, **asked, version=seen[0]))
    assert "Somebody else moved this after you opened it" in refused
    assert SharingRequest.objects.get().state == "shared"
    send(buyer, page + door, **asked, version=SEEN.findall(refused)[0])


def test_nothing_is_shared_with_a_request_that_went_on(here: Deal) -> None:
    request = here.moved(here.asked(), "acknowledge")
    seller, page = browser(here.supplier.people["owner"]), f"/sharing/{request.uuid}/"
    given = {"mode": "pinned", "publication": str(here.publication.uuid), "level": "stage"}
    (seen, *_more) = SEEN.findall(ask(seller, page))
    here.moved(request, "prepare")
    send(seller, f"{page}share/", 409, **given, version=seen)
    send(seller, f"{page}share/", **given, version=str(request.version))


def test_a_long_list_asks_no_more_than_a_short_one(here: Deal) -> None:
    buyer, counts = browser(here.person), []
    buyer.get("/api/v1/sharing-requests/")
    for _more in range(2):
        here.shared()
        with CaptureQueriesContext(connection) as asked:
            assert buyer.get("/api/v1/sharing-requests/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_both_sides_speak_and_neither_learns_who(here: Deal) -> None:
    request = here.asked()
    page = f"/sharing/{request.uuid}/"
    owner = here.supplier.people["owner"]
    buyer, seller = browser(here.person), browser(owner)
    send(buyer, f"{page}say/", text="By when?")
    send(seller, f"{page}say/", text=f"By Friday. @{here.person.email}")
    assert "By Friday." in ask(buyer, page) and str(owner) not in ask(buyer, page)
    assert str(owner) in ask(seller, page)
    told = buyer.get(f"/api/v1/sharing-requests/{request.uuid}/remarks/").json()
    assert [each["text"][:9] for each in told] == ["By when?", "By Friday"]
    kinds = Notification.objects.filter(event="remark").values_list("recipient", "kind")
    assert set(kinds) == {(owner.pk, "question"), (here.person.pk, "question")}
    send(browser(new.person(new.company(), Role.OWNER)), f"{page}say/", 404, text="x")


def test_nobody_speaks_for_the_other_side(here: Deal) -> None:
    request = here.asked()
    made = {"company": here.company, "request": request, "text": "x", "at": timezone.now()}
    with acting_as(here.buyer), transaction.atomic():
        SharingRemark.objects.create(side=here.company, **made)
    for actor, side in ((here.buyer, here.supplier.company), (here.seller, here.company)):
        with pytest.raises(DatabaseError), acting_as(actor), transaction.atomic():
            SharingRemark.objects.create(side=side, **made)

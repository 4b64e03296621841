"""Pages of publications: from the form to the public page, what is refused in place, the outsider."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.canonical import canonical
from accounts.roles import Role
from footprint.analysis.words import WORDS
from footprint.inventory.models import Submission
from footprint.publication import signing
from footprint.publication.models import Publication
from footprint.publication.pages.showing import facts, stages
from footprint.publication.words import NOT_APPLIED
from tests import builders as new
from tests.browsing import ask, browser, send
from tests.chains import settle
from tests.reviewing import Plant, carried, changed, made_jointly, moved, published, republished, settled

pytestmark = pytest.mark.django_db


def test_the_whole_way(here: Plant) -> None:
    owner, approver = browser(here.people["owner"]), browser(here.people["approver"])
    form = f"/products/{here.product.uuid}/publish/"
    assert form in ask(owner, f"/products/{here.product.uuid}/")
    ask(approver, form, 403)
    prepared: Any = send(owner, form, footprint=str(here.footprint.uuid), visibility="public")
    page = prepared.url
    assert "What is declared" in ask(owner, page)
    again = send(owner, form, 422, footprint=str(here.footprint.uuid), visibility="public")
    assert f'href="{page}"' in again.content.decode()
    send(owner, f"{page}move/", move="self_check", version="1")
    assert "Four eyes" not in ask(approver, page)
    send(approver, f"{page}move/", move="approve", version="2")
    send(approver, f"{page}move/", move="publish", version="3")
    assert "The signature holds." in ask(owner, page)
    send(approver, f"{page}move/", 422, move="withdraw", version="4")
    send(approver, f"{page}move/", move="withdraw", version="4", reason="wrong meter")
    assert "wrong meter" in ask(owner, page)


def test_a_form_says_what_is_wrong(here: Plant) -> None:
    owner = browser(here.people["owner"])
    form = f"/products/{here.product.uuid}/publish/"
    answer = send(owner, form, 422, footprint=str(here.footprint.uuid), visibility="listed")
    assert "Choose at least one partner" in answer.content.decode()
    send(owner, form, 422, footprint="nothing", visibility="public")


def test_a_figure_that_changed_since_it_was_accepted_is_not_offered(here: Plant) -> None:
    owner, form = browser(here.people["owner"]), f"/products/{here.product.uuid}/publish/"
    assert 'name="footprint"' in ask(owner, form)
    changed(here, 4)
    settled()
    page = ask(owner, form)
    assert 'name="footprint"' not in page
    assert "changed since it was accepted" in page


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "签名有效"), ("en", "The signature holds.")])
def test_everybody_reads_a_public_one(here: Plant, language: str, words: str) -> None:
    publication = published(here)
    visitor = browser(None, language)
    page = ask(visitor, f"/declarations/{publication.uuid}/")
    assert words in page
    assert 'class="qr"' in page
    assert f"http://localhost:8000/declarations/{publication.uuid}/" in page
    assert here.line.process.code not in page


def test_machines_verify_it_without_us(here: Plant) -> None:
    """From three addresses and the standard alone."""
    publication = published(here)
    visitor = browser(None)
    (key,) = json.loads(ask(visitor, "/.well-known/jwks.json"))["keys"]
    jws = ask(visitor, f"/declarations/{publication.uuid}/declaration.jws")
    assert key["kid"] == json.loads(signing.JWS.from_jose_token(jws).objects["protected"])["kid"]
    text = ask(visitor, f"/declarations/{publication.uuid}/declaration.json")
    told = signing.verify(jws, key["x"])
    assert canonical(told).decode() == text
    assert told["id"] == str(publication.uuid)


def test_what_holds_no_longer_says_so(here: Plant) -> None:
    publication = published(here)
    visitor = browser(None)
    assert json.loads(ask(visitor, "/.well-known/pcf-withdrawals.json")) == {"withdrawn": []}
    republished(here, publication, "withdraw", reason="wrong meter")
    (row,) = json.loads(ask(visitor, "/.well-known/pcf-withdrawals.json"))["withdrawn"]
    assert (row["id"], row["status"]) == (str(publication.uuid), "withdrawn")
    page = ask(visitor, f"/declarations/{publication.uuid}/")
    assert "Do not use it any more" in page
    assert "wrong meter" not in page


def test_one_whose_last_day_is_over_says_so(here: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = published(here)
    visitor, owner = browser(None), browser(here.people["owner"])
    assert "Expired" not in ask(visitor, f"/declarations/{publication.uuid}/")
    over = publication.valid_until + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: over)
    for client, path in (
        (visitor, f"/declarations/{publication.uuid}/"), (visitor, "/open/"),
        (owner, "/publications/"), (owner, f"/publications/{publication.uuid}/"),
    ):  # fmt: skip
        assert "Expired" in ask(client, path)
    assert "Ask the company for its present figure" in ask(visitor, f"/declarations/{publication.uuid}/")


def test_a_version_leads_to_the_bridge_from_the_one_before(here: Plant) -> None:
    """From the run of the one to the run of the other, whatever was calculated since."""
    first = published(here)
    submission = Submission.objects.get(inventory=here.inventory)
    changed(here, 4)
    moved(here, submission, "withdraw", reason="another amount")
    carried(here)
    settled()
    second = published(here)
    assert second.preceding == first
    owner = browser(here.people["owner"])
    page = ask(owner, f"/publications/{second.uuid}/")
    runs = [f"{each.year}-{each.content['calculation']['run']}" for each in (first, second)]
    bridge = f"/products/{here.product.uuid}/changes/?from={runs[0]}&amp;to={runs[1]}"
    assert bridge in page
    told = ask(owner, bridge.replace("&amp;", "&"))
    assert "There is no figure" not in told
    assert "Activity data" in told
    told = ask(owner, f"/publications/{second.uuid}/pact/?level=total")
    assert "What differs from the version before" in told
    assert "<code>/pcf/pcfExcludingBiogenicUptake</code>" in told
    assert "What differs from" not in ask(owner, f"/publications/{first.uuid}/pact/")


def test_a_forged_one_is_shown_as_such(here: Plant) -> None:
    from django.db import connection

    publication = published(here)
    settle()
    with connection.cursor() as cursor:  # as somebody with the database in hand
        cursor.execute("ALTER TABLE publication_publication DISABLE TRIGGER USER")
        cursor.execute("""UPDATE publication_publication SET content = content || '{"declaredUnit": "t"}'""")
        settle()
        cursor.execute("ALTER TABLE publication_publication ENABLE TRIGGER USER")
    assert "The signature does not hold." in ask(browser(None), f"/declarations/{publication.uuid}/")


@pytest.mark.parametrize("visibility", ["private", "alliance"])
def test_what_is_not_public_does_not_exist_there(here: Plant, visibility: str) -> None:
    publication = published(here, visibility)
    for client in (browser(None), browser(here.people["owner"])):
        for name in ("", "declaration.jws", "declaration.json"):
            ask(client, f"/declarations/{publication.uuid}/{name}", 404)
    member = browser(new.person(new.company(), Role.OWNER))
    ask(member, f"/publications/{publication.uuid}/", 200 if visibility == "alliance" else 404)
    send(member, f"/publications/{publication.uuid}/move/", 403 if visibility == "alliance" else 404,
         move="withdraw", reason="x")  # fmt: skip
    ask(member, f"/products/{here.product.uuid}/publish/", 404)


def test_a_calculated_one_is_nobodys_business(here: Plant) -> None:
    publication = published(here, until="approved")
    member = browser(new.person(new.company(), Role.OWNER))
    ask(member, f"/publications/{publication.uuid}/", 404)
    ask(browser(None), f"/declarations/{publication.uuid}/", 404)
    assert str(publication.uuid) not in ask(member, "/publications/")
    assert Publication.objects.get().jws == ""


def test_open_data_lists_what_is_public_and_nothing_else(here: Plant) -> None:
    visitor = browser(None)
    private = published(here, "alliance")
    assert "Nothing is public yet" in ask(visitor, "/open/")
    assert json.loads(ask(visitor, "/open/declarations.json")) == {"declarations": []}
    republished(here, private, "withdraw", reason="For everybody instead.")
    shown = published(here, "public")
    assert f"/declarations/{shown.uuid}/" in ask(visitor, "/open/")
    (told,) = json.loads(ask(visitor, "/open/declarations.json"))["declarations"]
    assert (told["id"], told["contentHash"]) == (str(shown.uuid), shown.content_hash)
    assert str(private.uuid) not in ask(browser(here.people["owner"]), "/open/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_signed_is_shown(here: Plant, language: str) -> None:
    """Stages that sum to the figure, the band of allocation, the rule: not in the file for machines alone."""
    made_jointly(here)
    settled()
    carried(here)
    publication = published(here)
    with override(language):
        parts = stages(publication.content)
        told = dict(facts(publication.content))
    assert sum(kg for _name, kg, _share in parts) == pytest.approx(publication.kg_co2e_ar6)
    assert sum(share for _name, _kg, share in parts) == pytest.approx(1)
    page = ask(browser(None, language), f"/declarations/{publication.uuid}/")
    for words in (parts[0][0], *told):
        assert words in page
    assert ("Allocation band" if language == "en" else "分配区间") in told


def test_a_profile_without_a_figure_says_why(here: Plant) -> None:
    """This product is none that the border adjustment is for."""
    page = ask(browser(here.people["owner"]), f"/publications/{published(here).uuid}/")
    assert "The profile is not for this kind of product." in page


def test_every_reason_has_public_words() -> None:
    assert NOT_APPLIED.keys() == WORDS.keys()

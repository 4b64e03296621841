"""Publications: what may be published, by whom, for whom; signed, replaced, withdrawn, never changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.actor import Actor
from accounts.canonical import canonical, content_hash
from accounts.errors import NotAllowed, Refusal, Stale
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, OutputPrice, Product, Submission
from footprint.publication import queries, signing
from footprint.publication.models import (
    Publication,
    PublicationRecipient,
    PublicationStep,
    SigningKey,
)
from footprint.publication.procedure import PUBLICATION
from tests import builders as new
from tests.reviewing import (
    Plant,
    carried,
    changed,
    made_jointly,
    moved,
    plant,
    prepared,
    published,
    republished,
    settled,
)

pytestmark = pytest.mark.django_db


def refusal(act: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return str(caught.value.code)


def test_the_ordinary_way(here: Plant) -> None:
    publication = published(here)
    steps = PublicationStep.objects.order_by("pk").values_list("move", flat=True)
    assert list(steps) == ["self_check", "approve", "publish"]
    assert publication.content["pcf"]["AR6"] == repr(here.footprint.kg_co2e_ar6)
    assert publication.content_hash == content_hash(publication.content)
    assert queries.is_genuine(publication)
    told = publication.content
    assert (told["number"], told["precedingPfIds"], told["declaredUnit"]) == (1, [], "kg")
    assert told["validityPeriodEnd"] == "2028-12-31"
    assert {each["profile"] for each in told["byProfile"]} >= {"here", "pact-v3", "gb-t-24067-2024"}


def test_nothing_inside_the_plant_is_in_it(here: Plant) -> None:
    text = canonical(prepared(here).content).decode()
    for secret in (str(here.line.uuid), here.line.process.code, str(here.inventory.site.uuid)):
        assert secret not in text


class TestWhatMayBePublished:
    def test_not_before_it_is_accepted(self) -> None:
        other = plant()
        assert refusal(lambda: prepared(other)) == "not_accepted"

    def test_not_what_is_being_recomputed(self, here: Plant) -> None:
        Exchange.objects.filter(pk=here.line.pk).update(amount=9)
        assert refusal(lambda: prepared(here)) == "not_current"

    def test_not_what_changed_after_it_was_accepted(self, here: Plant) -> None:
        changed(here, 9)
        assert refusal(lambda: prepared(here)) == "changed_since_acceptance"

    def test_not_what_co_products_weigh_otherwise(self) -> None:
        """Prices and heating values are in no digest here, and move the figures by profile that are told."""
        there = plant()
        _, (_, beside) = made_jointly(there)
        settled()
        carried(there)
        publication = published(there, until="approved")
        told = publication.content["byProfile"]
        price = OutputPrice.objects.filter(exchange=beside)
        heat = Product.objects.filter(pk=beside.product_id)
        for rows, edit, back in (
            (price, {"price": 300}, {"price": 3}),
            (heat, {"lhv_mj_per_unit": 99}, {"lhv_mj_per_unit": 10}),
        ):
            rows.update(**edit)
            settled()
            assert refusal(lambda: republished(there, publication, "publish")) == "changed_since_acceptance"
            assert refusal(lambda: prepared(there)) == "changed_since_acceptance"
            rows.update(**back)
            settled()
        republished(there, publication, "publish")
        price.update(price=300)
        settled()
        publication.refresh_from_db()
        assert publication.content["byProfile"] == told, "what is published stays"

    def test_not_what_was_withdrawn_from_review(self, here: Plant) -> None:
        publication = published(here, until="approved")
        moved(here, Submission.objects.get(), "withdraw", reason="a mistake")
        assert refusal(lambda: republished(here, publication, "publish")) == "not_accepted"

    def test_not_what_moved_while_it_was_prepared(self, here: Plant) -> None:
        publication = published(here, until="approved")
        changed(here, 9)
        carried(here)
        assert refusal(lambda: republished(here, publication, "publish")) == "figure_moved"

    def test_only_one_at_a_time(self, here: Plant) -> None:
        prepared(here)
        assert refusal(lambda: prepared(here)) == "prepared_already"

    def test_not_without_what_it_must_say(self, here: Plant) -> None:
        publication = prepared(here)
        publication.content = {**publication.content, "primaryDataShare": None, "byProfile": []}
        with pytest.raises(Refusal, match="primary data share, figure by the PACT profile"), override("en"):
            republished(here, publication, "self_check")

    def test_not_without_a_key(self, here: Plant, settings: Any) -> None:
        publication = published(here, until="approved")
        settings.PUBLICATION_SIGNING_KEY = "no key"
        assert refusal(lambda: republished(here, publication, "publish")) == "no_signing_key"

    @pytest.mark.parametrize(("visibility", "code"), [("listed", "required"), ("nobody", "unknown_choice")])
    def test_for_somebody(self, here: Plant, visibility: str, code: str) -> None:
        assert refusal(lambda: prepared(here, visibility)) == code

    def test_recipients_are_others_and_listed(self, here: Plant) -> None:
        partner = new.company()
        assert refusal(lambda: prepared(here, "public", recipients=[partner])) == "not_listed"
        assert refusal(lambda: prepared(here, "listed", recipients=[here.company])) == "own_company"
        assert refusal(lambda: prepared(here, "listed", recipients=["nobody"])) == "not_found"


class TestFourEyes:
    def test_who_prepared_does_not_approve(self, here: Plant) -> None:
        both = new.person(here.company, Role.OWNER, Role.APPROVER)
        here.people |= {"owner": both, "approver": both}
        publication = published(here, until="self_checked")
        assert refusal(lambda: republished(here, publication, "approve")) == "same_person"

    @pytest.mark.parametrize("move", ["self_check", "approve", "withdraw"])
    def test_other_roles_move_nothing(self, here: Plant, move: str) -> None:
        publication = prepared(here)
        for role in (Role.PLANT_PROVIDER, Role.SHARING_MANAGER, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                republished(here, publication, move, by=new.actor(here.company, role), reason="x")

    def test_the_database_demands_it(self, here: Plant) -> None:
        published(here, until="self_checked")
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            Publication.objects.update(approved_by=here.people["owner"])


class TestVersions:
    def test_a_later_one_replaces(self, here: Plant) -> None:
        first = published(here)
        changed(here, 4)
        carried(here)
        second = published(here)
        first.refresh_from_db()
        assert (first.state, second.state, second.number) == ("replaced", "published", 2)
        assert second.preceding == first
        assert second.content["precedingPfIds"] == [str(first.uuid)]
        assert queries.chain(here.owner, second) == [first, second]
        assert [each.uuid for each in queries.withdrawn(Actor.nobody())] == [first.uuid]

    def test_a_withdrawn_one_says_why_and_stays_readable(self, here: Plant) -> None:
        publication = published(here)
        assert refusal(lambda: republished(here, publication, "withdraw")) == "no_reason"
        republished(here, publication, "withdraw", reason="wrong meter")
        assert queries.public(publication.uuid) == publication
        assert queries.is_genuine(publication)

    def test_due_when_the_figure_moved_a_tenth(self, here: Plant) -> None:
        publication = published(here)
        today = timezone.localdate()
        assert queries.due(here.owner, today) == []
        Exchange.objects.filter(pk=here.line.pk).update(amount="3.29")
        drain()
        assert queries.due(here.owner, today) == []
        changed(here, 4)
        ((due, how),) = queries.due(here.owner, today)
        assert due == publication
        assert how.drift == pytest.approx(1 / 3)

    def test_due_when_its_time_is_over(self, here: Plant) -> None:
        publication = published(here)
        last = publication.valid_until
        assert not queries.standing(here.owner, publication, last).is_due
        assert queries.standing(here.owner, publication, last.replace(year=last.year + 1)).is_due


class TestWhoSees:
    def seen(self, by: Actor, publication: Publication) -> list[bool]:
        """Through each of the two locks, the other one taken away."""
        first = Publication.objects.visible_to(by).filter(pk=publication.pk).exists()
        with acting_as(by):
            second = Publication.objects.filter(pk=publication.pk).exists()
        return [first, second]

    @pytest.mark.parametrize(
        ("visibility", "expected"),
        [
            ("private", []),
            ("listed", ["partner"]),
            ("alliance", ["partner", "member", "steward"]),
            ("public", ["partner", "member", "steward", "curator", "nobody"]),
        ],
    )
    def test_whom_it_is_meant_for(self, here: Plant, visibility: str, expected: list[str]) -> None:
        partner, office = new.company(), new.company()
        others = {
            "partner": new.actor(partner),
            "member": new.actor(new.company()),
            "steward": here.steward,
            "curator": new.actor(office, Role.CURATOR),
            "nobody": Actor.nobody(),
        }
        publication = prepared(here, visibility, recipients=[partner] if visibility == "listed" else [])
        assert {name for name, actor in others.items() if any(self.seen(actor, publication))} == set()
        for move in ("self_check", "approve", "publish"):
            republished(here, publication, move)
        for name, actor in others.items():
            assert self.seen(actor, publication) == [name in expected] * 2, name
        assert self.seen(here.owner, publication) == [True, True]

    def test_steps_and_recipients_stay_inside(self, here: Plant) -> None:
        partner = new.company()
        publication = published(here, "listed", recipients=[partner])
        for stranger in (new.actor(new.company()), here.steward, Actor.nobody()):
            with acting_as(stranger):
                assert not PublicationStep.objects.exists()
                assert not PublicationRecipient.objects.exists()
        with acting_as(new.actor(partner)):
            assert PublicationRecipient.objects.count() == 1
            assert queries.recipients(new.actor(partner), publication) == []


class TestTheDatabase:
    def publish(self, **more: Any) -> None:
        """As somebody would who passes every action by."""
        values = {"jws": "x", "key_id": "x", "published_at": timezone.now(), **more}
        with transaction.atomic():
            Publication.objects.update(state="published", **values)

    def test_only_a_current_figure(self, here: Plant) -> None:
        published(here, until="approved")
        Exchange.objects.filter(pk=here.line.pk).update(amount=9)
        with pytest.raises(DatabaseError, match="only a current figure"):
            self.publish(published_by=here.people["approver"])

    def test_only_the_figure_itself(self, here: Plant) -> None:
        published(here, until="approved")
        changed(here, 9)
        with pytest.raises(DatabaseError, match="what was calculated"):
            self.publish(published_by=here.people["approver"])

    def test_only_on_an_accepted_inventory(self, here: Plant) -> None:
        published(here, until="approved")
        moved(here, Submission.objects.get(), "withdraw", reason="a mistake")
        with pytest.raises(DatabaseError, match="accepted inventory"):
            self.publish(published_by=here.people["approver"])

    def test_only_by_somebody(self, here: Plant) -> None:
        published(here, until="approved")
        with pytest.raises(DatabaseError, match="somebody publishes"):
            self.publish()

    def test_only_signed(self, here: Plant) -> None:
        published(here, until="approved")
        with pytest.raises(IntegrityError, match="is_signed"):
            self.publish(published_by=here.people["approver"], jws="", key_id="")

    @pytest.mark.parametrize(
        "change", [{"content": {}}, {"kg_co2e_ar6": 0.1}, {"visibility": "public"}, {"number": 9}]
    )
    def test_what_was_prepared_never_changes(self, here: Plant, change: dict[str, Any]) -> None:
        prepared(here, "private")
        for who in (here.owner, Actor.worker()):
            with pytest.raises(DatabaseError, match="keeps what it was made with"), acting_as(who):
                Publication.objects.update(**change)

    def test_what_was_signed_is_never_signed_anew(self, here: Plant) -> None:
        published(here)
        with pytest.raises(DatabaseError, match="never signed anew"), acting_as(here.owner):
            Publication.objects.update(jws="another")

    def test_nothing_is_ever_removed(self, here: Plant) -> None:
        published(here)
        for model in (Publication, PublicationStep, SigningKey):
            for who in (here.owner, Actor.worker()):
                with pytest.raises(DatabaseError, match=r"kept|permission denied"), acting_as(who):
                    model.objects.all().delete()

    @pytest.mark.parametrize("state", PUBLICATION.states)
    def test_moves_only_along_the_procedure(self, here: Plant, state: str) -> None:
        prepared(here)
        if state in ("calculated", *PUBLICATION.edges["calculated"]):
            assert Publication.objects.update(state=state)
            return
        with pytest.raises(DatabaseError), transaction.atomic():
            Publication.objects.update(state=state, jws="x", key_id="x")


class TestSignatures:
    def test_round_trip(self, signs: bytes) -> None:
        key = signing.from_secret(signs)
        jws = signing.sign({"b": "1", "a": ["2"]}, key)
        assert signing.verify(jws, signing.public_part(key)) == {"a": ["2"], "b": "1"}

    def test_a_changed_letter_is_found(self, signs: bytes) -> None:
        key = signing.from_secret(signs)
        head, body, mark = signing.sign({"a": "1"}, key).split(".")
        other = signing.sign({"a": "2"}, key).split(".")[1]
        for forged in (
            f"{head}.{other}.{mark}",
            f"{head}.{body}.{mark[:-4]}AAAA",
            "nothing",
            f"{head}..{mark}",
        ):
            with pytest.raises(signing.BadSignature):
                signing.verify(forged, signing.public_part(key))

    def test_another_key_is_another_signature(self, signs: bytes) -> None:
        jws = signing.sign({"a": "1"}, signing.from_secret(signs))
        other = signing.from_secret(bytes(32))
        with pytest.raises(signing.BadSignature):
            signing.verify(jws, signing.public_part(other))

    def test_nothing_signs_without_an_algorithm(self, signs: bytes) -> None:
        """The header's "none", which some libraries believe."""
        import base64

        head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        body = base64.urlsafe_b64encode(b'{"a":"1"}').rstrip(b"=").decode()
        with pytest.raises(signing.BadSignature):
            signing.verify(f"{head}.{body}.", signing.public_part(signing.from_secret(signs)))

    def test_a_former_key_still_verifies(self, here: Plant, settings: Any) -> None:
        import base64

        first = published(here)
        settings.PUBLICATION_SIGNING_KEY = base64.b64encode(bytes(32)).decode()
        changed(here, 4)
        carried(here)
        second = published(here)
        first.refresh_from_db()
        assert first.key_id != second.key_id
        assert queries.is_genuine(first) and queries.is_genuine(second)
        assert SigningKey.objects.count() == 2


def test_on_stale_data(here: Plant) -> None:
    publication = published(here, until="self_checked")
    mine = Publication.objects.get(pk=publication.pk)
    with pytest.raises(Stale):
        republished(here, publication, "approve", version=1)
    republished(here, publication, "approve")
    with pytest.raises(Stale):
        republished(here, mine, "approve")

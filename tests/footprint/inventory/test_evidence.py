"""Files of evidence: what is taken, who gets them, and that a copy that was handed in keeps its own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import add_evidence, remove_evidence
from footprint.inventory.differences import differences
from footprint.inventory.evidence import MOST_BYTES, MOST_FILES, evidence_bytes, evidence_file, evidence_of
from footprint.inventory.freezing import frozen
from footprint.inventory.models import EvidenceContent, EvidenceFile, Exchange, FrozenCopy, Submission
from tests import builders as new

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 reading"


@dataclass
class Plant:
    company: Company
    line: Exchange
    owner: Actor
    steward: Actor

    def lay(self, name: str = "meter.pdf", content: bytes = PDF, by: Actor | None = None) -> EvidenceFile:
        by = by or self.owner
        with acting_as(by):
            return add_evidence(self.line, by=by, at=timezone.now(), name=name, content=content)

    def content(self) -> dict:  # type: ignore[type-arg]
        with acting_as(self.owner):
            return frozen(self.owner, self.line.process.inventory)

    def hand_in(self, sent_round: int = 1) -> Submission:
        """A copy, and whether the alliance has it."""
        inventory = self.line.process.inventory
        days = {"period_start": inventory.period_start, "period_end": inventory.period_end}
        submission = Submission.objects.create(
            company=self.company, inventory=inventory, site_name_zh="x", site_name_en="x", **days
        )
        told = {"content": self.content(), "content_hash": "0" * 64, "figures": [], "findings": []}
        FrozenCopy.objects.create(
            company=self.company, submission=submission, round=1, at=timezone.now(), **told
        )
        for state in ("internal_review", "submitted") if sent_round else ("internal_review",):
            Submission.objects.filter(pk=submission.pk).update(state=state, round=1, sent_round=sent_round)
        return submission


@pytest.fixture
def plant() -> Plant:
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    line = new.takes(process, new.product(company), "5")
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    return Plant(company, line, new.actor(company), actor_of_user(new.person(office, Role.STEWARD)))


def seen_by(actor: Actor, file: EvidenceFile) -> bytes | None:
    with acting_as(actor):
        found = evidence_file(actor, file.uuid)
        return evidence_bytes(actor, found) if found else None


def test_a_file_is_kept_under_its_hash_and_the_same_bytes_once(plant: Plant) -> None:
    first, second = plant.lay("C:\\reports\\meter.pdf"), plant.lay("other.txt", "读数".encode())
    assert first.name == "meter.pdf"
    assert seen_by(plant.owner, first) == PDF
    with pytest.raises(Refusal) as refused:
        plant.lay("again.pdf")
    assert refused.value.code == "twice"
    with acting_as(plant.owner):
        assert list(evidence_of(plant.owner, plant.line)) == [second, first]
        remove_evidence(first, by=plant.owner, at=timezone.now())
        assert list(evidence_of(plant.owner, plant.line)) == [second]
    plant.lay("once more.pdf")
    assert EvidenceContent.objects.filter(company=plant.company).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<script>", "other_kind"),
        ("meter.pdf", b"MZ\x90", "other_kind"),
        ("meter.png", PDF, "other_kind"),
        ("noending", PDF, "other_kind"),
        ("table.csv", b"a,b\x00", "other_kind"),
        ("table.csv", b"\xff\xff\xff", "other_kind"),
        ("meter.pdf", b"", "required"),
        ("meter.pdf", PDF + b"x" * MOST_BYTES, "too_large"),
        ("", PDF, "required"),
    ],
)
def test_what_is_not_taken(plant: Plant, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        plant.lay(name, content)
    assert refused.value.code == code
    assert EvidenceContent.objects.count() == 0


def test_a_line_takes_so_many_and_who_may_not_change_it_lays_nothing(plant: Plant) -> None:
    for number in range(MOST_FILES):
        plant.lay(content=PDF + bytes([number]))
    with pytest.raises(Refusal) as refused:
        plant.lay()
    assert refused.value.code == "too_many"
    with pytest.raises(NotAllowed):
        plant.lay(by=new.actor(plant.company, Role.APPROVER))


def test_a_reviewer_sees_what_a_submitted_copy_names_and_nothing_else(plant: Plant) -> None:
    named = plant.lay()
    assert seen_by(plant.steward, named) is None
    submission = plant.hand_in(sent_round=0)
    assert seen_by(plant.steward, named) is None
    Submission.objects.filter(pk=submission.pk).update(state="submitted", sent_round=1)
    later = plant.lay("later.txt", b"not handed in")
    assert seen_by(plant.steward, named) == PDF
    assert seen_by(plant.steward, later) is None
    assert seen_by(new.actor(new.company()), named) is None
    client = Client()
    client.force_login(User.objects.get(pk=plant.steward.user_id))
    assert client.get(f"/evidence/{named.uuid}/").content == PDF
    assert client.post(f"/evidence/{named.uuid}/remove/").status_code == 403


@pytest.mark.parametrize("table", ["evidencefile", "evidencecontent"])
def test_the_database_itself_keeps_strangers_out(plant: Plant, table: str) -> None:
    plant.lay()
    plant.hand_in()
    plant.lay("later.txt", b"not handed in")
    counts = []
    for actor in (plant.owner, plant.steward, new.actor(new.company())):
        with acting_as(actor), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM inventory_{table}")
            counts.append(cursor.fetchone()[0])
    assert counts == [2, 1, 0]


def test_what_was_handed_in_stays_when_line_and_file_are_taken_away(plant: Plant) -> None:
    named = plant.lay()
    plant.hand_in()
    with acting_as(plant.owner):
        remove_evidence(named, by=plant.owner, at=timezone.now())
        with pytest.raises(Refusal):
            remove_evidence(named, by=plant.owner, at=timezone.now())
    plant.line.delete()
    assert seen_by(plant.steward, named) == PDF
    for statement in (
        "DELETE FROM inventory_evidencecontent",
        "UPDATE inventory_evidencefile SET sha256 = ''",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_copy_names_the_files_and_a_later_one_says_that_they_changed(plant: Plant) -> None:
    without = plant.content()
    assert "evidence" not in without["processes"][0]["lines"][0]
    plant.lay()
    with_one = plant.content()
    (told,) = with_one["processes"][0]["lines"][0]["evidence"]
    assert told["name"] == "meter.pdf"
    (difference,) = differences(without, with_one)
    assert (difference.field, difference.before) == ("evidence", "")
    assert difference.after.startswith("meter.pdf")


def test_from_page_to_page_and_over_rest(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    place = f"/exchanges/{plant.line.uuid}/"
    client.post(f"{place}evidence/", {"file": SimpleUploadedFile("表 1.pdf", PDF)})
    assert "表 1.pdf" in client.get(place).content.decode()
    refused = client.post(f"{place}evidence/", {"file": SimpleUploadedFile("x.exe", b"MZ")}, follow=True)
    assert "none of the files that are taken" in refused.content.decode()
    sent = client.post(
        f"/api/v1{place}evidence/?name=b.txt", b"by hand", content_type="application/octet-stream"
    )
    assert sent.status_code == 201
    listed = client.get(f"/api/v1{place}evidence/").json()
    assert [each["name"] for each in listed] == ["b.txt", "表 1.pdf"]
    for address in (f"/evidence/{listed[1]['uuid']}/", f"/api/v1/evidence/{listed[1]['uuid']}/"):
        reply = client.get(address)
        assert reply.content == PDF
        assert reply["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert reply["Content-Type"] == "application/octet-stream"
        assert reply["X-Content-Type-Options"] == "nosniff"
    client.post(f"/evidence/{listed[1]['uuid']}/remove/")
    assert len(client.get(f"/api/v1{place}evidence/").json()) == 1
    client.force_login(new.person(new.company(), Role.OWNER))
    for address in (f"/evidence/{listed[0]['uuid']}/", f"/api/v1/evidence/{listed[0]['uuid']}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/evidence/{listed[0]['uuid']}/remove/").status_code == 404


def test_taken_away_over_rest(plant: Plant) -> None:
    file = plant.lay()
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    address = f"/api/v1/evidence/{file.uuid}/"
    assert client.delete(address).status_code == 428
    assert client.delete(address, headers={"If-Match": '"other"'}).status_code == 412
    tag = client.get(address)["ETag"]
    reader, stranger = Client(), Client()
    reader.force_login(new.person(plant.company, Role.APPROVER))
    stranger.force_login(new.person(new.company("outsider"), Role.OWNER))
    assert reader.delete(address, headers={"If-Match": tag}).status_code == 403
    assert stranger.delete(address, headers={"If-Match": tag}).status_code == 404
    assert client.delete(address, headers={"If-Match": tag}).status_code == 204
    assert client.delete(address, headers={"If-Match": tag}).status_code == 422
    with acting_as(plant.owner):
        assert not evidence_of(plant.owner, plant.line).exists()

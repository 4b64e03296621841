"""Who is told what of a submission, a thread and a grant; what nobody learns; mail."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts import mailing, queries
from accounts.actions import choose_mail, read_all
from accounts.actions.notification import forget_notifications
from accounts.actor import Actor
from accounts.models import Kind, MailChoice, Notification, User
from accounts.notices import notify, told
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import answer_thread, grant_product, open_thread
from footprint.inventory.actions.remind import remind
from footprint.inventory.models import ReviewThread, Submission
from tests import builders as new
from tests.reviewing import Plant, carried, moved

pytestmark = pytest.mark.django_db


def names(here: Plant, **where: Any) -> list[tuple[str, str, str]]:
    """Who was told what, in order; those who are told of the same thing in the order they came."""
    known = {person.pk: name for name, person in here.people.items()}
    rows = Notification.objects.filter(recipient__in=known, **where).order_by("created_at", "recipient")
    return [(known[row.recipient_id], row.kind, row.event) for row in rows]


def seen(actor: Actor) -> list[Notification]:
    with acting_as(actor):
        return list(Notification.objects.all())


def asked(here: Plant, submission: Submission, text: str = "Why so much?") -> ReviewThread:
    with acting_as(here.steward):
        return open_thread(submission, by=here.steward, at=timezone.now(), text=text)


def answered(here: Plant, thread: ReviewThread, text: str, by: Actor | None = None) -> None:
    by = by or here.owner
    with acting_as(by):
        answer_thread(thread, by=by, at=timezone.now(), text=text)


def test_each_move_tells_whose_turn_it_is_and_nobody_twice(here: Plant) -> None:
    carried(here)
    assert names(here) == [
        ("approver", Kind.MOVE_WAITS, "hand_in"),
        ("steward", Kind.MOVE_WAITS, "submit"),
        ("owner", Kind.MOVED, "take"),
        ("approver", Kind.MOVED, "take"),
        ("owner", Kind.MOVED, "accept"),
        ("approver", Kind.MOVED, "accept"),
    ]


def test_what_is_returned_waits_for_the_owner(here: Plant) -> None:
    submission = carried(here, "under_review")
    moved(here, submission, "return", reason="the meter")
    assert names(here, event="return") == [
        ("owner", Kind.MOVE_WAITS, "return"),
        ("approver", Kind.MOVED, "return"),
    ]


def test_nobody_is_told_of_a_move_that_is_refused(here: Plant) -> None:
    before = Notification.objects.count()
    with override("en"), pytest.raises(Exception, match="role"):
        moved(here, carried(here, "internal_review"), "submit", by=here.owner)
    assert Notification.objects.count() == before + 1  # of the handing in


def test_a_thread_tells_the_other_side(here: Plant) -> None:
    submission = carried(here, "under_review")
    thread = asked(here, submission)
    assert names(here, subject="thread") == [
        ("owner", Kind.QUESTION, "asked"),
        ("approver", Kind.QUESTION, "asked"),
    ]
    answered(here, thread, "Because of the cold.")
    assert names(here, event="said") == [("steward", Kind.QUESTION, "said")]
    with acting_as(here.steward):
        ((_row, words),) = told(
            here.steward, Notification.objects.visible_to(here.steward).filter(event="said")
        )
    assert words is not None
    assert words.words == "Because of the cold."
    assert words.url.endswith(f"#thread-{thread.uuid}")


def test_a_call_reaches_only_those_who_may_read_the_thread(here: Plant) -> None:
    colleague = new.person(here.company, Role.PLANT_PROVIDER, email="colleague@example.com")
    stranger = new.person(new.company(), Role.OWNER, email="stranger@example.com")
    thread = asked(here, carried(here, "under_review"))
    answered(here, thread, "@colleague@example.com knows, @stranger@example.com does not.")
    assert Notification.objects.get(recipient=colleague).kind == Kind.MENTION
    assert not Notification.objects.filter(recipient=stranger).exists()


def test_both_locks_keep_notifications_their_recipients(here: Plant) -> None:
    carried(here, "submitted")
    approver, owner = here.approver, here.owner
    assert {row.recipient_id for row in seen(approver)} == {approver.user_id}
    assert seen(Actor.nobody()) == []
    with acting_as(owner):
        assert not Notification.objects.filter(recipient_id=approver.user_id).exists()
        assert not queries.notifications(owner).filter(recipient_id=approver.user_id).exists()
    with connection.cursor() as cursor:  # the first lock alone: as the owner of the tables
        cursor.execute("SELECT count(*) FROM accounts_notification")
        assert cursor.fetchone()[0] > queries.notifications(owner).count()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts_notification (uuid, recipient_id, kind, event, subject, subject_uuid, once,"
        " created_at, mail, mail_tries) SELECT gen_random_uuid(), id, 'moved', 'x', 'x', gen_random_uuid(),"
        " '', now(), 'never', 0 FROM accounts_user",
        "UPDATE accounts_notification SET event = 'other'",
        "DELETE FROM accounts_notification",
    ],
)
def test_the_web_writes_nothing_but_that_something_was_read(here: Plant, statement: str) -> None:
    carried(here, "internal_review")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        acting_as(here.approver),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_notification_says_nothing_once_its_thing_is_closed(here: Plant) -> None:
    submission = carried(here, "submitted")
    steward = here.steward
    with acting_as(steward):
        ((_row, words),) = told(steward, queries.notifications(steward))
        assert words is not None
        assert here.company.name_zh in words.words or here.company.name_en in words.words
    moved(here, submission, "withdraw", reason="no longer")
    with acting_as(steward):
        ((row, words),) = told(steward, queries.notifications(steward))
    assert words is None
    page = _browser(here.people["steward"]).get("/notifications/").content.decode()
    assert "not open to you any more" in page
    assert here.company.name_en not in page
    assert submission.site_name_en not in page
    assert _browser(here.people["steward"]).get(f"/notifications/{row.uuid}/").url == "/notifications/"


def test_a_grant_tells_the_partner_once(here: Plant) -> None:
    partner = new.company()
    buyer = new.person(partner, Role.SHARING_MANAGER)
    with acting_as(here.owner):
        grant_product(here.product, by=here.owner, recipient=partner)
        grant_product(here.product, by=here.owner, recipient=partner, ends_on="2099-01-01")
    row = Notification.objects.get(recipient=buyer)
    actor = actor_of_user(buyer)
    with acting_as(actor):
        ((_row, words),) = told(actor, [row])
    assert words is not None
    assert words.url == f"/products/{here.product.uuid}/"


def test_a_deadline_is_told_once_and_once_more_when_it_is_over(here: Plant) -> None:
    submission = carried(here, "under_review")
    assert submission.due_on is not None
    now = timezone.now()
    assert remind(at=now) == 0
    assert [remind(at=now + timedelta(days=8)) for _again in range(3)] == [1, 0, 0]
    assert [remind(at=now + timedelta(days=11)) for _again in range(3)] == [1, 0, 0]
    assert names(here, kind=Kind.DEADLINE) == [
        ("steward", Kind.DEADLINE, "near"),
        ("steward", Kind.DEADLINE, "late"),
    ]


# -- mail ------------------------------------------------------------------------------------------------
def test_mail_goes_at_once_daily_or_never_in_the_recipients_language(here: Plant) -> None:
    approver, owner = here.people["approver"], here.people["owner"]
    approver.locale = User.Locale.ENGLISH
    approver.save(update_fields=["locale"])
    submission = carried(here, "internal_review")  # approver: at once
    at = timezone.localtime().replace(hour=12)
    Notification.objects.update(created_at=at)
    assert mailing.send_due(at=at) == 1
    message = next(each for each in mail.outbox if each.to == [approver.email])
    assert message.subject.startswith("Your move is waited for: ")
    assert here.company.name_en in message.body
    assert f"/notifications/{Notification.objects.filter(recipient=approver).first().uuid}/" in message.body
    assert mailing.send_due(at=at) == 0
    mail.outbox.clear()
    for move in ("submit", "take"):
        moved(here, submission, move)  # owner and approver: once a day
    Notification.objects.update(created_at=at)
    morning = (at + timedelta(days=1)).replace(hour=7, minute=1)
    assert mailing.send_due(at=morning) == 2
    assert sorted(each.to[0] for each in mail.outbox) == sorted([approver.email, owner.email])
    assert here.company.name_zh in next(each.body for each in mail.outbox if each.to == [owner.email])


def test_who_wants_no_mail_gets_none(here: Plant) -> None:
    with acting_as(here.approver):
        choose_mail({Kind.MOVE_WAITS: "never"}, by=here.approver)
    carried(here, "internal_review")
    assert mailing.send_due(at=timezone.now() + timedelta(days=2)) == 0
    assert queries.unread_count(here.approver) == 1
    with acting_as(here.owner):
        assert not MailChoice.objects.exists()


def test_what_was_read_meanwhile_or_is_closed_is_not_mailed(here: Plant) -> None:
    submission = carried(here, "submitted")
    moved(here, submission, "withdraw", reason="no longer")
    with acting_as(here.approver):
        assert read_all(by=here.approver, at=timezone.now()) == 1
    assert mailing.send_due(at=timezone.now()) == 0
    assert mail.outbox == []


def test_what_somebody_else_did_meanwhile_is_asked_of_nobody(here: Plant) -> None:
    colleague = new.person(here.company, Role.APPROVER)
    submission = carried(here, "internal_review")
    client = _browser(colleague)
    assert "Your move is waited for</span>" in client.get("/notifications/").content.decode()
    moved(here, submission, "submit")
    mailing.send_due(at=timezone.now())
    assert [each.to for each in mail.outbox] == [[here.people["steward"].email]], "no mail asks for it"
    (row,) = client.get("/api/v1/notifications/").json()["results"]
    assert row["told"]["is_over"] is True
    page = client.get("/notifications/").content.decode()
    assert "Done meanwhile</span>" in page and "Your move is waited for</span>" not in page
    assert [row["About what"] for row in _exported(client, "")] == ["Done meanwhile"]
    assert queries.unread_count(actor_of_user(colleague)) == 0
    moved(here, submission, "take")
    remind(at=timezone.now() + timedelta(days=8))
    moved(here, submission, "return", reason="the meter")
    page = _browser(here.people["steward"]).get("/notifications/?kind=deadline").content.decode()
    assert "Done meanwhile</span>" in page, "nor is a decision that was made"


def test_mail_that_fails_is_tried_again_later_each_time_and_given_up(here: Plant) -> None:
    carried(here, "internal_review")
    at, tries = timezone.now(), []
    with patch.object(mailing, "send_mail", side_effect=SMTPServerDisconnected("away")) as sending:
        for minute in range(240):
            mailing.send_due(at=at + timedelta(minutes=minute))
            if sending.call_count > len(tries):
                tries.append(minute)
    assert tries == [0, 2, 6, 14, 30, 62]
    assert mailing.send_due(at=at + timedelta(days=1)) == 0


def test_old_notifications_are_forgotten_unless_they_are_told_once_only(here: Plant) -> None:
    submission = carried(here, "under_review")
    remind(at=timezone.now() + timedelta(days=8))
    assert forget_notifications(at=timezone.now() + timedelta(days=399)) == 0
    assert forget_notifications(at=timezone.now() + timedelta(days=401)) == 4
    assert [row.kind for row in Notification.objects.all()] == [Kind.DEADLINE]
    assert submission.state == "under_review"


def test_one_persons_broken_mail_keeps_nobody_elses(here: Plant) -> None:
    carried(here, "submitted")
    broken = here.people["approver"].email

    def send(subject: str, body: str, sender: str, to: list[str]) -> None:
        if to == [broken]:
            raise ConnectionResetError

    with patch.object(mailing, "send_mail", side_effect=send):
        assert mailing.send_due(at=timezone.now()) == 1


# -- pages and REST -----------------------------------------------------------------------------------------
def _browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def test_the_bell_the_list_and_reading(here: Plant) -> None:
    submission = carried(here, "internal_review")
    client = _browser(here.people["approver"])
    assert 'bell-count">1<' in client.get("/").content.decode()
    page = client.get("/notifications/").content.decode()
    assert submission.site_name_en in page
    row = Notification.objects.get(recipient=here.people["approver"])
    assert client.get(f"/notifications/{row.uuid}/").url == f"/submissions/{submission.uuid}/"
    assert "bell-count" not in client.get("/notifications/bell/").content.decode()
    assert submission.site_name_en not in client.get("/notifications/?show=unread").content.decode()
    assert submission.site_name_en not in client.get("/notifications/?kind=shared").content.decode()


def test_the_list_is_exported_as_it_is_shown(here: Plant) -> None:
    submission = carried(here, "internal_review")
    client = _browser(here.people["approver"])
    page = client.get("/notifications/?kind=move_waits").content.decode()
    assert "/notifications/export/?kind=move_waits" in page
    (row,) = _exported(client, "?kind=move_waits")
    assert submission.site_name_en in row["Title"]
    assert row["Page"] == f"http://testserver/submissions/{submission.uuid}/"
    assert row["Read at"] == ""
    assert _exported(client, "?kind=shared") == []
    book: Any = client.get("/notifications/export/?format=xlsx")
    assert book["Content-Disposition"] == 'attachment; filename="notifications.xlsx"'
    assert _exported(_browser(here.people["steward"]), "") == [], "each their own"


def _exported(client: Client, query: str) -> list[dict[str, str]]:
    answer: Any = client.get(f"/notifications/export/{query}")
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_somebody_elses_notification_does_not_exist(here: Plant) -> None:
    carried(here, "internal_review")
    row = Notification.objects.get(recipient=here.people["approver"])
    outsider = _browser(here.people["owner"])
    assert outsider.get(f"/notifications/{row.uuid}/").status_code == 404
    assert outsider.post(f"/notifications/{row.uuid}/read/").status_code == 404
    assert outsider.get(f"/api/v1/notifications/{row.uuid}/").status_code == 404
    assert outsider.post("/notifications/read/").status_code == 302
    row.refresh_from_db()
    assert row.read_at is None


def test_settings_are_kept(here: Plant) -> None:
    client = _browser(here.people["owner"])
    fields = {kind.value: "daily" for kind in Kind} | {"mention": "never"}
    assert client.post("/notifications/settings/", fields).status_code == 302
    assert queries.mail_choices(here.owner) == fields
    assert client.post("/notifications/settings/", fields | {"mention": "often"}).status_code == 422


def test_rest(here: Plant) -> None:
    carried(here, "submitted")
    client = _browser(here.people["steward"])
    (row,) = client.get("/api/v1/notifications/?unread=true").json()["results"]
    assert (row["kind"], row["event"], row["company"]["code"]) == ("move_waits", "submit", here.company.code)
    assert row["told"]["url"].startswith("/submissions/")
    read: Any = client.post(f"/api/v1/notifications/{row['uuid']}/read/")
    assert read.status_code == 200, read.content
    assert read.json()["read_at"] is not None
    assert client.get("/api/v1/notifications/?unread=true").json()["results"] == []


def test_somebody_who_left_is_told_nothing(here: Plant) -> None:
    gone = new.person(here.company, Role.OWNER)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    left = notify(
        [gone.pk], kind=Kind.MOVED, event="x", subject="submission", subject_uuid=here.inventory.uuid,
        company_id=here.company.pk, at=timezone.now(),
    )  # fmt: skip
    assert left == 0


def test_settings_are_kept_over_rest(here: Plant) -> None:
    client = _browser(here.people["owner"])
    path = "/api/v1/notification-settings/"
    before = client.get(path)
    assert before.json()["mention"] == "at_once"

    def choose(tag: str, **body: str) -> Any:
        return client.patch(path, body, "application/json", headers={"If-Match": tag} if tag else {})

    told = choose(before["ETag"], mention="never")
    assert (told.status_code, told.json()["mention"]) == (200, "never")
    assert [choose(tag, mention="daily").status_code for tag in ("", before["ETag"])] == [428, 412]
    assert choose(told["ETag"], mention="often").status_code == 400
    assert choose(told["ETag"], gossip="never").status_code == 400
    assert client.get(path).json() == told.json()

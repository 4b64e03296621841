"""A name stands on one line: in a mail it can begin no other, neither of its head nor of its text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core import mail

from accounts import checks
from accounts.actions import change_company, change_details, invite
from accounts.errors import Refusal
from accounts.mailing import body_of, subject_of
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from tests import builders as new

BROKEN = "Petro\r\nBcc: everybody@example.com\n\nSign in here: http://elsewhere.example\u2028\tnow"
JOINED = "Petro Bcc: everybody@example.com Sign in here: http://elsewhere.example now"


@pytest.mark.parametrize("name", ["a\u202eb", "a\u2067b\u2069", "a\x00b", "a\x07b"])
def test_what_turns_or_is_not_seen_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        checks.name(name, field="name", longest=20)
    assert refused.value.code == "invalid_text"


@pytest.mark.django_db
def test_names_are_kept_on_one_line() -> None:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    steward, company = new.actor(office, Role.STEWARD), new.company("petro")
    changed = change_company(company, by=steward, name_zh=BROKEN, name_en=BROKEN)
    assert (changed.name_zh, changed.name_en) == (JOINED, JOINED)
    person = new.person(company, Role.OWNER)
    assert change_details(person, by=actor_of_user(person), name=BROKEN, locale="en").name == JOINED


@pytest.mark.django_db
def test_an_invitation_goes_out_whatever_the_company_is_called(
    django_capture_on_commit_callbacks: Any,
) -> None:
    company = new.company("petro")
    Company.objects.filter(pk=company.pk).update(name_zh=BROKEN, name_en=BROKEN)  # named before the rule
    company.refresh_from_db()
    owner = actor_of_user(new.person(company, Role.OWNER))
    with django_capture_on_commit_callbacks(execute=True):
        invite(company, by=owner, email="new@example.com", roles=[Role.APPROVER], locale="en")
    (sent,) = mail.outbox
    assert sent.recipients() == ["new@example.com"]
    assert JOINED in sent.subject and JOINED in sent.body.splitlines()[0]
    assert not any(line.startswith(("Bcc", "Sign in")) for line in sent.message().as_string().splitlines())


@pytest.mark.django_db
def test_a_notification_is_one_line_and_its_words() -> None:
    row = SimpleNamespace(get_kind_display=lambda: "Shared", uuid="3f1c0a52-77aa-4b1c-9d10-731405263715")
    words = SimpleNamespace(title=BROKEN, words="It was opened to you.")
    lines = cast(Any, [(row, words)])
    assert subject_of(lines) == f"Shared: {JOINED}"
    assert body_of(lines).splitlines()[:2] == [f"Shared: {JOINED}", "It was opened to you."]

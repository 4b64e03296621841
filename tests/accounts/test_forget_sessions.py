"""Sessions that have run out go, with what is kept of them; the others stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tasks import forget

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.post(
        "/accounts/login/",
        {"login": person.email, "password": "a long password 1"},
        headers={"accept": "*/*"},
    )
    return client


def test_what_has_run_out_goes_and_what_is_used_stays() -> None:
    person = User.objects.create_user("lin@example.com", "a long password 1")
    over, used = signed_in(person), signed_in(person)
    assert UserSession.objects.count() == Session.objects.count() == 2
    Session.objects.filter(pk=over.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    forget()
    assert Session.objects.get().pk == used.session.session_key
    assert UserSession.objects.get().session_key == used.session.session_key
    assert used.get("/account/").status_code == 200


def test_a_lost_session_leaves_no_trace_of_its_browser() -> None:
    signed_in(User.objects.create_user("lin@example.com", "a long password 1"))
    Session.objects.all().delete()
    forget()
    assert not UserSession.objects.exists()

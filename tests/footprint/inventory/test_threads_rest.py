"""Review threads over REST: asked, answered and settled by those who do so in the room."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notification, User
from accounts.roles import Role
from footprint.inventory.models import ReviewThread
from tests import builders as new
from tests.reviewing import Plant, carried

pytestmark = pytest.mark.django_db
THREADS = "/api/v1/review-threads/"


def call(who: User, method: str, path: str, status: int, **body: Any) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who)
    given = json.dumps(body) if body else ""
    answer: Any = client.generic(method, f"{THREADS}{path}", given, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_asked_answered_and_settled(here: Plant) -> None:
    submission = carried(here, "under_review")
    owner, steward = here.people["owner"], here.people["steward"]
    asked = {"submission": str(submission.uuid), "line": str(here.line.uuid), "text": "Why three?"}
    call(owner, "POST", "", 403, **asked)
    call(steward, "POST", "", 422, **{**asked, "line": "00000000-0000-4000-8000-000000000000"})
    made = call(steward, "POST", "", 201, **asked)
    assert made["is_open"] and made["line"] == str(here.line.uuid)
    said = call(owner, "POST", f"{made['uuid']}/replies/", 200, text=f"Ask @{owner.email}")
    assert [each["text"] for each in said["remarks"]] == ["Why three?", f"Ask @{owner.email}"]
    assert Notification.objects.filter(recipient=steward).exists()
    call(owner, "POST", f"{made['uuid']}/close/", 403)
    assert not call(steward, "POST", f"{made['uuid']}/close/", 200)["is_open"]
    call(owner, "POST", f"{made['uuid']}/replies/", 422, text="late")
    listed = call(owner, "GET", f"?submission={submission.uuid}&is_closed=true", 200)["results"]
    assert [each["uuid"] for each in listed] == [made["uuid"]]
    assert not call(owner, "GET", "?is_closed=false", 200)["results"]


def test_a_stranger_finds_nothing(here: Plant) -> None:
    submission = carried(here, "under_review")
    made = call(here.people["steward"], "POST", "", 201, submission=str(submission.uuid), text="All well?")
    stranger = new.person(new.company(), Role.OWNER)
    assert not call(stranger, "GET", "", 200)["results"]
    call(stranger, "GET", f"{made['uuid']}/", 404)
    call(stranger, "POST", f"{made['uuid']}/replies/", 404, text="x")
    call(stranger, "POST", f"{made['uuid']}/close/", 404)
    assert ReviewThread.objects.get().is_open

"""The workspace in two people's browsers, refusals in place, REST, the public page, the outsider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notification
from accounts.roles import Role
from footprint.verification.models import (
    Engagement,
    EngagementRemark,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.verifying import Scene

pytestmark = pytest.mark.django_db


def test_the_whole_way(here: Scene) -> None:
    owner, verifier = browser(here.plant.people["owner"]), browser(here.person)
    publication = f"/publications/{here.publication.uuid}/"
    assert "Have it verified" in ask(owner, publication)
    fields = {
        "verifier": str(here.person.uuid), "level": "limited", "standard": "ISO 14064-3:2019",
        "scope": "all", "access_until": (timezone.localdate() + timedelta(days=20)).isoformat(),
    }  # fmt: skip
    assert "Choose somebody" in text(send(owner, f"{publication}verify/", 422, **fields | {"verifier": ""}))
    send(owner, f"{publication}verify/", **fields)
    page = f"/verifications/{Engagement.objects.get().uuid}/"
    assert "Verifications that wait for you" in ask(verifier, "/")
    assert "dossier opens when" in ask(verifier, page)
    send(verifier, f"{page}accept/", 422, declaration="")
    send(verifier, f"{page}accept/", declaration="No interest.")
    send(verifier, f"{page}sample/", 422, size="0")
    send(verifier, f"{page}sample/", size="1")
    drawn = ask(verifier, page)
    assert "Carries a tenth of the figure" in drawn
    assert "1 line asked for" in drawn
    assert 'class="is-number heat-3">1 / 1<' in drawn
    for line in SampledLine.objects.all():
        assert "Evidence" in ask(verifier, f"/sampled-lines/{line.uuid}/")
        send(verifier, f"/sampled-lines/{line.uuid}/", 422, verdict="agrees", evidence="")
        unmarked = send(verifier, f"/sampled-lines/{line.uuid}/", 422, evidence="the invoice")
        assert "Choose one." in text(unmarked) and "agrees, finding" not in text(unmarked)
        send(verifier, f"/sampled-lines/{line.uuid}/", verdict="agrees", evidence="the invoice")
    send(verifier, f"{page}test/")
    assert "Calculated again, the same." in ask(verifier, page)
    send(verifier, f"{page}findings/", severity="minor", text="The seal is missing.")
    version = Engagement.objects.get().version
    send(verifier, f"{page}move/", move="report", version=str(version))
    assert "The seal is missing." in ask(owner, "/")
    finding = VerificationFinding.objects.get()
    send(verifier, f"{page}statement/", 422, outcome="unmodified", text="Fine.")
    send(verifier, f"/findings/{finding.uuid}/close/", 422)
    send(owner, f"/findings/{finding.uuid}/answer/", answer="Sealed on Monday.")
    send(verifier, f"/findings/{finding.uuid}/close/")
    send(verifier, f"{page}statement/", outcome="unmodified", text="Nothing came to our attention.")
    for reader, path in ((owner, publication), (Client(), f"/declarations/{here.publication.uuid}/")):
        shown = ask(reader, path)
        assert "Nothing came to our attention." in shown and "No interest." in shown
        assert "The seal is missing." not in shown, "what was found stays between the two"
    in_english = ask(owner, publication)
    assert "1 line looked at" in in_english and "Note 0 · Minor 1 · Material 0" in in_english
    assert "重大 0" in ask(browser(here.plant.people["owner"], "zh-hans"), publication)
    statement = VerificationStatement.objects.get()
    assert ask(Client(), f"/statements/{statement.uuid}/statement.jws") == statement.jws
    assert ask(verifier, "/verifications/").count(page) == 1
    assert verifier.get(f"{page}bundle.zip").content[:2] == b"PK"


def test_outsiders_find_nothing(here: Scene) -> None:
    engagement = here.sampled()
    line = SampledLine.objects.filter(engagement=engagement).first()
    assert line is not None
    finding = here.found(engagement)
    colleague, stranger = new.person(here.body, Role.VERIFIER), new.person(new.company(), Role.OWNER)
    for person in (colleague, stranger):
        client = browser(person)
        page = f"/verifications/{engagement.uuid}/"
        for path in (
            page,
            f"{page}bundle.zip",
            f"/sampled-lines/{line.uuid}/",
            f"/findings/{finding.uuid}/answer/",
        ):
            ask(client, path, 404)
        for path in ("accept/", "sample/", "statement/", "test/", "move/", "add-line/", "findings/"):
            send(client, page + path, 404)
        ask(client, f"/api/v1/verifications/{engagement.uuid}/", 404)
        ask(client, f"/publications/{here.publication.uuid}/verify/", 404)


def test_the_companys_own_people_do_no_verifying(here: Scene) -> None:
    engagement = here.sampled()
    owner = browser(here.plant.people["owner"])
    for path in ("accept/", "sample/", "statement/", "test/", "add-line/", "findings/"):
        send(owner, f"/verifications/{engagement.uuid}/{path}", 403)


def test_rest(here: Scene) -> None:
    engagement = here.sampled()
    here.found(engagement)
    client = browser(here.plant.people["owner"])
    answer = client.get(f"/api/v1/verifications/{engagement.uuid}/")
    told = answer.json()
    assert told["state"] == "reviewing"
    assert [each["answer"] for each in told["findings"]] == ["It is now."]
    assert told["sample"][0]["risk"] >= told["sample"][-1]["risk"]
    assert told["statement"] is None
    moved = client.post(
        f"/api/v1/verifications/{engagement.uuid}/moves/",
        {"move": "cancel", "reason": "no longer"},
        content_type="application/json",
        headers={"If-Match": answer["ETag"]},
    )
    assert (moved.status_code, moved.json()["state"]) == (200, "cancelled")


def test_a_whole_verification_by_moves_over_rest(here: Scene) -> None:
    engagement = here.engaged()
    owner, verifier = browser(here.plant.people["owner"]), browser(here.person)
    address = f"/api/v1/verifications/{engagement.uuid}/"

    def move(client: Client, expected: int = 200, **body: object) -> dict[str, object]:
        tag = verifier.get(address).headers["ETag"]
        answer = client.post(
            f"{address}moves/", body, content_type="application/json", headers={"If-Match": tag}
        )
        assert answer.status_code == expected, answer.content
        told: dict[str, object] = answer.json()
        return told

    move(owner, 403, move="accept", declaration="No interest.")
    assert "declaration" in str(move(verifier, 422, move="accept"))
    assert "unknown_field" in str(move(verifier, 422, move="accept", declaration="No interest.", size=3))
    assert move(verifier, move="accept", declaration="No interest.")["state"] == "accepted"
    sampled = move(verifier, move="sample", size=2, seed=7)
    assert (sampled["state"], sampled["sample_size"]) == ("reviewing", 2)
    here.looked_at(Engagement.objects.get())
    assert "outcome" in str(move(verifier, 422, move="state", text="Fine."))
    stated = move(verifier, move="state", outcome="unmodified", text="Nothing came to our attention.")
    assert stated["state"] == "stated" and stated["statement"]
    gone = move(verifier, move="revoke", reason="The meter was wrong.")
    assert gone["state"] == "revoked"
    stranger = browser(new.person(new.company("outsider"), Role.OWNER))
    refused = stranger.post(f"{address}moves/", {"move": "cancel"}, content_type="application/json")
    assert refused.status_code == 404


def test_declined_over_rest(here: Scene) -> None:
    engagement = here.engaged()
    verifier = browser(here.person)
    address = f"/api/v1/verifications/{engagement.uuid}/"
    answer = verifier.post(
        f"{address}moves/",
        {"move": "decline", "reason": "No time."},
        content_type="application/json",
        headers={"If-Match": verifier.get(address).headers["ETag"]},
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "declined")


def test_the_work_of_a_verifier_over_rest(here: Scene) -> None:
    """Marks on lines, a finding with its answer, the figure calculated again; no outsider sees it."""
    engagement = here.sampled()
    address = f"/api/v1/verifications/{engagement.uuid}/"
    owner, verifier = browser(here.plant.people["owner"]), browser(here.person)
    stranger = browser(new.person(new.company("outsider"), Role.OWNER))

    def post(client: Client, path: str, expected: int = 200, **body: object) -> Any:
        answer = client.post(f"{address}{path}/", body, content_type="application/json")
        assert answer.status_code == expected, answer.content
        return answer.json()

    line = verifier.get(address).json()["sample"][0]["uuid"]
    agrees = {"line": line, "verdict": "agrees", "evidence": "The meter's log."}
    told = post(verifier, "marks", **agrees)
    marked = next(each for each in told["sample"] if each["uuid"] == line)
    assert (marked["verdict"], marked["evidence"]) == ("agrees", "The meter's log.")
    elsewhere = post(verifier, "marks", 422, **{**agrees, "line": str(engagement.uuid)})
    assert elsewhere["errors"][0]["code"] == "not_found"
    post(verifier, "marks", 422, line=line, verdict="finding", evidence="None.")
    (found,) = post(verifier, "findings", severity="note", text="No units.")["findings"]
    answered = post(owner, "answers", finding=found["uuid"], answer="Added.")["findings"][0]
    assert answered["answer"] == "Added."
    missing = post(owner, "answers", 422, finding=line, answer="Added.")
    assert missing["errors"][0]["code"] == "not_found"
    assert post(verifier, "test")["test_run"]["isSame"] is True
    finding = {"severity": "note", "text": "x"}
    for path, body in (("marks", agrees), ("findings", finding), ("test", {})):
        post(owner, path, 403, **body)
        post(stranger, path, 404, **body)
    post(verifier, "answers", 403, finding=found["uuid"], answer="Ours.")
    post(stranger, "answers", 404, finding=found["uuid"], answer="Ours.")


def test_from_the_request_to_the_statement_over_rest_alone(here: Scene) -> None:
    owner, verifier = browser(here.plant.people["owner"]), browser(here.person)

    def post(client: Client, path: str, expected: int = 200, **body: object) -> Any:
        tag = {"If-Match": client.get(address).headers["ETag"]} if path.endswith("moves/") else {}
        answer = client.post(path, body, content_type="application/json", headers=tag)
        assert answer.status_code == expected, answer.content
        return answer.json()

    (known,) = owner.get("/api/v1/verifications/verifiers/").json()
    assert verifier.get("/api/v1/verifications/verifiers/").json() == []
    asked = {
        "publication": str(here.publication.uuid), "verifier": known["uuid"], "level": "limited",
        "standard": "ISO 14064-3:2019", "access_until": str(timezone.localdate() + timedelta(days=30)),
    }  # fmt: skip
    post(verifier, "/api/v1/verifications/", 400, **asked)
    late = post(owner, "/api/v1/verifications/", 422, **asked | {"access_until": "2001-01-01"})
    assert late["errors"][0]["field"] == "access_until"
    made = post(owner, "/api/v1/verifications/", 201, **asked)
    address = f"/api/v1/verifications/{made['uuid']}/"
    assert verifier.get(f"{address}dossier/").status_code == 404
    post(verifier, f"{address}moves/", move="accept", declaration="No interest.")
    shares = verifier.get(f"{address}dossier/").json()["shares"]
    post(verifier, f"{address}moves/", move="sample", size=1)
    taken = verifier.get(address).json()["sample"][0]
    double = post(verifier, f"{address}lines/", 422, line=taken["line"])
    assert taken["line"] in shares and double["errors"][0]["code"] == "duplicate"
    post(verifier, f"{address}marks/", line=taken["uuid"], verdict="finding", evidence="The log.",
         severity="minor", text="Not calibrated.")  # fmt: skip
    post(verifier, f"{address}test/")
    post(verifier, f"{address}moves/", move="report")
    (found,) = owner.get(address).json()["findings"]
    post(verifier, f"{address}closings/", 422, finding=found["uuid"])
    post(owner, f"{address}answers/", finding=found["uuid"], answer="It is now.")
    post(owner, f"{address}closings/", 403, finding=found["uuid"])
    post(verifier, f"{address}closings/", finding=found["uuid"])
    stated = post(verifier, f"{address}moves/", move="state", outcome="unmodified", text="Nothing.")
    assert stated["statement"]["outcome"] == "unmodified"


def test_company_and_verifier_speak_about_a_finding(here: Scene) -> None:
    engagement = here.sampled(here.accepted(here.engaged()), size=1)
    finding = here.found(engagement, "The seal is missing.")
    page = f"/verifications/{engagement.uuid}/"
    owner, verifier = browser(here.plant.people["owner"]), browser(here.person)
    assert "callable" in ask(verifier, page) and "js/mention.js" in ask(owner, page)
    named = here.plant.people["owner"]
    send(verifier, f"{page}say/", finding=str(finding.uuid), text=f"Which meter? @{named.email}")
    send(owner, f"{page}say/", finding=str(finding.uuid), text="The one at the gate.")
    send(owner, f"{page}say/", text="Thank you for coming.")
    for reader in (owner, verifier):
        seen = ask(reader, page)
        assert seen.index("Which meter?") < seen.index("The one at the gate.") < seen.index("Thank you")
    kinds = set(Notification.objects.filter(event="remark").values_list("recipient", "kind"))
    assert {(named.pk, "mention"), (here.person.pk, "question")} <= kinds
    send(owner, f"{page}say/", text=" ")
    send(owner, f"{page}say/", 404, finding=str(engagement.uuid), text="nowhere")
    told = verifier.get(f"/api/v1/verifications/{engagement.uuid}/remarks/").json()
    assert [each["finding"] for each in told] == [str(finding.uuid), str(finding.uuid), None]
    send(browser(here.plant.people["approver"]), f"{page}say/", 403, text="x")
    assert EngagementRemark.objects.count() == 3
    send(browser(new.person(new.company(), Role.OWNER)), f"{page}say/", 404, text="x")

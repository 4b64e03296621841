"""Factors over REST: search, licence gate, changes since a number, proposals, releases, other GWP sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import Company, Membership
from accounts.roles import Role
from factors.actions.publish_version import publish_version
from factors.actions.release import release_factors
from factors.models import Factor, FactorProposal, FactorVersion, Source
from tests import builders
from tests.factors.conftest import ANOTHER, Contents

Enter = Callable[..., Client]
BASE = "/api/v1"


@pytest.fixture
def enter(db: None) -> Enter:
    def make(role: Role = Role.OWNER, company: Company | None = None) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(company or builders.company(), role))
        return client

    return make


def test_search_and_withheld_numbers(grid: Factor, enter: Enter) -> None:
    Source.objects.filter(code="ndrc-petroleum-2014").update(redistribution="no")
    reader = enter()
    found = reader.get(f"{BASE}/factor-versions/", {"search": "天燃气"}).json()["results"]
    kept = [each for each in found if each["source"]["code"] == "ndrc-petroleum-2014"]
    assert kept and all(
        not each["emissions"] and not each["derivation"] and each["withheld"] for each in kept
    )
    assert all(each["emissions"] and not each["withheld"] for each in found if each not in kept)
    refused = reader.get(f"{BASE}/factor-versions/{kept[0]['uuid']}/weighed/")
    assert refused.status_code == 422 and b'"withheld"' in refused.content


def test_a_mirror_reads_changes_in_their_order(
    grid: Factor, enter: Enter, curator: Actor, content: Contents
) -> None:
    reader = enter()
    rows = reader.get(f"{BASE}/factor-versions/", {"since": 0, "limit": 500}).json()["results"]
    numbers = [each["change_number"] for each in rows]
    assert numbers == sorted(numbers) and len(rows) == FactorVersion.objects.count()
    publish_version(grid, by=curator, prepared_by=ANOTHER, content=content("0.5307"))
    more = reader.get(f"{BASE}/factor-versions/", {"since": numbers[-1]}).json()["results"]
    assert [each["status"] for each in more] == ["superseded", "published"]
    assert reader.get(f"{BASE}/factor-versions/", {"since": "x"}).status_code == 400


def test_other_sets(grid: Factor, enter: Enter, curator: Actor, content: Contents) -> None:
    reader = enter()
    total = FactorVersion.objects.filter(factor__code="electricity-cn-footprint-average").first()
    stated = content("0.6", scope="co2e", reference_year=2020)
    resolved = publish_version(grid, by=curator, prepared_by=ANOTHER, content=stated)
    assert total is not None
    rows = reader.get(f"{BASE}/factor-versions/{resolved.uuid}/weighed/").json()
    assert {(each["gwp_set"], each["horizon"]) for each in rows} >= {("AR4", 100), ("AR5", 100), ("AR6", 20)}
    assert all(each["kg_co2e"] for each in rows)
    rows = reader.get(f"{BASE}/factor-versions/{total.uuid}/weighed/").json()
    assert all(each["kg_co2e"] is None and each["refusal"] for each in rows)
    co2 = grid.versions.get(number=3)
    rows = reader.get(f"{BASE}/factor-versions/{co2.uuid}/weighed/").json()
    assert rows and all(each["kg_co2e"] is None and "CO2" in each["refusal"] for each in rows)
    nowhere = reader.get(f"{BASE}/factor-versions/00000000-0000-4000-8000-000000000000/weighed/")
    assert nowhere.status_code == 404


def body(company: Company, grid: Factor, **changes: object) -> dict[str, object]:
    return {
        "company": str(company.uuid), "factor": str(grid.uuid), "geography": "CN", "reference_year": 2023,
        "scope": "co2", "boundary": "direct", "source": "mee-grid-co2-2023", "source_locator": "table 1",
        "transcription": "confirmed", "reason": "newer",
        "emissions": [{"gas": "CO2", "origin": "fossil", "kg_per_unit": "0.531"}], **changes,
    }  # fmt: skip


def post(client: Client, path: str, sent: dict[str, object], **headers: str) -> object:
    return client.post(f"{BASE}/{path}", sent, content_type="application/json", headers=headers)


def test_a_proposal_and_its_moves(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    made = post(owner, "factor-proposals/", body(company, grid))
    assert made.status_code == 201, made.content  # type: ignore[attr-defined]
    told = made.json()  # type: ignore[attr-defined]
    assert told["state"] == "screening" and told["emissions"][0]["kg_per_unit"] == "0.531"
    address = f"factor-proposals/{told['uuid']}/moves/"
    curator = enter(Role.CURATOR)
    assert post(owner, address, {"move": "pass_on"}, **{"if-match": '"1"'}).status_code == 403  # type: ignore[attr-defined]
    moved = post(curator, address, {"move": "pass_on"}, **{"if-match": '"1"'})
    assert moved.json()["state"] == "technical_review"  # type: ignore[attr-defined]
    assert (
        post(curator, address, {"move": "send_back", "reason": "late"}, **{"if-match": '"1"'}).status_code
        == 412
    )  # type: ignore[attr-defined]
    listed = enter().get(f"{BASE}/factor-proposals/", {"state": "technical_review"}).json()["results"]
    assert [each["uuid"] for each in listed] == [told["uuid"]]


def test_what_was_sent_back_is_mended_over_rest(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner, curator = enter(Role.OWNER, company), enter(Role.CURATOR)
    old = grid.versions.get(number=3)
    more = {"technology": "hydro", "uncertainty_gsd2": "1.2", "replaces": str(old.uuid)}
    told = post(owner, "factor-proposals/", body(company, grid, **more)).json()  # type: ignore[attr-defined]
    assert more == {name: told[name] for name in more}
    address = f"factor-proposals/{told['uuid']}"
    mended = {
        name: value
        for name, value in body(company, grid).items()
        if name not in ("company", "factor", "reason")
    }
    mended["emissions"] = [{"gas": "CO2", "origin": "fossil", "kg_per_unit": "0.532"}]
    wrong = post(curator, f"{address}/moves/", {"move": "pass_on", "content": mended}, **{"if-match": '"1"'})
    assert wrong.status_code == 422 and b"not_mended_now" in wrong.content  # type: ignore[attr-defined]
    post(curator, f"{address}/moves/", {"move": "send_back", "reason": "why?"}, **{"if-match": '"1"'})
    again = {"move": "hand_in_again", "reason": "table 2", "content": mended, "replaces": None}
    moved = post(owner, f"{address}/moves/", again, **{"if-match": '"2"'}).json()  # type: ignore[attr-defined]
    assert (moved["round"], moved["emissions"][0]["kg_per_unit"]) == (2, "0.532")
    steps = owner.get(f"{BASE}/{address}/steps/").json()
    assert [each["name"] for each in steps] == ["propose", "send_back", "hand_in_again"]
    assert steps[-1]["former"]["emissions"][0]["kg_per_unit"] == "0.531"
    assert moved["replaces"] is None and steps[-1]["former_target"] == {"replaces": str(old.uuid)}


def test_findings_of_a_source_that_stays_here_state_no_numbers(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    far = [{"gas": "CO2", "origin": "fossil", "kg_per_unit": "0.01"}]
    told = post(owner, "factor-proposals/", body(company, grid, emissions=far)).json()  # type: ignore[attr-defined]
    assert any("0.5306" in each["detail"] for each in told["findings"] if each["code"] == "jump")
    Source.objects.filter(code=told["source"]).update(redistribution="no")
    kept = owner.get(f"{BASE}/factor-proposals/{told['uuid']}/").json()
    assert [each["code"] for each in kept["findings"]] == [each["code"] for each in told["findings"]]
    assert not kept["emissions"] and not any(each["detail"] for each in kept["findings"])


def test_reviews_and_comments(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner, verifier = enter(Role.OWNER, company), enter(Role.VERIFIER)
    told = post(owner, "factor-proposals/", body(company, grid)).json()  # type: ignore[attr-defined]
    address = f"factor-proposals/{told['uuid']}"
    assert post(owner, f"{address}/comments/", {"text": "early"}).status_code == 422  # type: ignore[attr-defined]
    post(enter(Role.CURATOR), f"{address}/moves/", {"move": "pass_on"}, **{"if-match": '"1"'})
    assert post(owner, f"{address}/reviews/", {"verdict": "fit"}).status_code == 403  # type: ignore[attr-defined]
    made = post(verifier, f"{address}/reviews/", {"verdict": "fit", "comment": "compared"})
    assert made.status_code == 201, made.content  # type: ignore[attr-defined]
    assert post(verifier, f"{address}/reviews/", {"verdict": "fit"}).status_code == 422  # type: ignore[attr-defined]
    assert post(owner, f"{address}/comments/", {"text": "thanks"}).status_code == 201  # type: ignore[attr-defined]
    assert [each["verdict"] for each in owner.get(f"{BASE}/{address}/reviews/").json()] == ["fit"]
    assert owner.get(f"{BASE}/{address}/steps/").json()[-1]["reason"] == "thanks"


def test_who_acts_for_one_company_need_not_name_it(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    said = {name: it for name, it in body(company, grid).items() if name != "company"}
    made = post(enter(Role.OWNER, company), "factor-proposals/", said)
    assert made.status_code == 201, made.content  # type: ignore[attr-defined]
    assert made.json()["company"]["uuid"] == str(company.uuid)  # type: ignore[attr-defined]
    assert post(enter(Role.PLANT_PROVIDER, company), "factor-proposals/", said).status_code == 403  # type: ignore[attr-defined]


def test_who_acts_for_several_companies_names_one(grid: Factor) -> None:
    first, second = builders.company(), builders.company()
    person, client = builders.person(first, Role.OWNER), Client()
    Membership.objects.create(user=person, company=second, role=Role.OWNER)
    client.force_login(person)
    said = {name: it for name, it in body(first, grid).items() if name != "company"}
    refused = post(client, "factor-proposals/", said)
    assert refused.status_code in (400, 422) and b'"company"' in refused.content  # type: ignore[attr-defined]
    assert not FactorProposal.objects.exists()


def test_bad_proposals_store_nothing(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    slipped = [{"gas": "CO2", "kg_per_unit": "1.95"}]
    refused = post(
        owner, "factor-proposals/", body(company, grid, reason="", emissions=slipped, reference_year=2022)
    )
    assert refused.status_code == 422 and "slip_" in refused.content.decode()  # type: ignore[attr-defined]
    foreign = post(owner, "factor-proposals/", body(builders.company(), grid))
    assert foreign.status_code in (400, 422)  # type: ignore[attr-defined]
    plant = enter(Role.PLANT_PROVIDER, company)
    assert post(plant, "factor-proposals/", body(company, grid)).status_code == 403  # type: ignore[attr-defined]
    assert not FactorProposal.objects.exists()


def test_releases(grid: Factor, enter: Enter, content: Contents) -> None:
    chief = builders.actor(builders.company(), Role.CURATOR)
    release_factors(by=chief, name="2026-1")
    new = publish_version(grid, by=chief, prepared_by=ANOTHER, content=content("0.5307"))
    release_factors(by=chief, name="2026-2")
    reader = enter()
    assert [each["name"] for each in reader.get(f"{BASE}/factor-releases/").json()["results"]] == [
        "2026-1",
        "2026-2",
    ]
    one = reader.get(f"{BASE}/factor-releases/2026-1/").json()
    rows = reader.get(f"{BASE}/factor-versions/", {"release": "2026-1"}).json()["results"]
    assert len(rows) == one["versions"]
    differs = reader.get(f"{BASE}/factor-releases/2026-2/since/2026-1/").json()
    assert differs["changed"] == [[str(grid.versions.get(number=3).uuid), str(new.uuid)]]
    assert reader.get(f"{BASE}/factor-releases/none/").status_code == 404
    assert reader.get(f"{BASE}/factor-releases/2026-2/since/none/").status_code == 404


def test_the_outsider(grid: Factor) -> None:
    for path in ("factor-proposals/", "factor-releases/", "factor-releases/x/", "factor-releases/x/since/y/"):
        assert Client().get(f"{BASE}/{path}").status_code == 401


def test_what_curators_do_on_pages_machines_do_too(grid: Factor, enter: Enter) -> None:
    owner, curator, second = enter(Role.OWNER), enter(Role.CURATOR), enter(Role.CURATOR)
    version = grid.versions.get(number=3)
    address = f"factor-versions/{version.uuid}/withdrawal/"
    assert post(owner, address, {"reason": "x"}).status_code == 403
    assert post(Client(), address, {"reason": "x"}).status_code == 401
    assert post(curator, address, {"reason": " "}).status_code == 400
    assert b"invalid_text" in post(curator, address, {"reason": "Wrong \u202etable"}).content
    told = post(curator, address, {"reason": "Wrong table"}).json()
    assert told["status"] == "withdrawn" and told["status_reason"].startswith("Wrong table")
    assert b"withdrawn_already" in post(curator, address, {"reason": "again"}).content
    assert post(owner, "factor-releases/", {"name": "2026-1"}).status_code == 403
    for name in ("2026.1", "2026/1", "第一版", "Ünï"):
        refused = post(curator, "factor-releases/", {"name": name})
        assert refused.status_code == 422 and b'"field":"name"' in refused.content, name
    made = post(curator, "factor-releases/", {"name": "2026-1", "note": "First"})
    assert made.status_code == 201 and curator.get(made["Location"]).json()["note"] == "First"
    assert b"duplicate_code" in post(curator, "factor-releases/", {"name": "2026-1"}).content
    said = {name: it for name, it in body(builders.company(), grid).items() if name != "company"}
    proposed = post(curator, "factor-proposals/", said)
    assert proposed.status_code == 201 and proposed.json()["waits_for"] == "curator"
    moves = f"factor-proposals/{proposed.json()['uuid']}/moves/"
    desk = second.get("/api/v1/factor-desk/").json()
    assert [each["proposal"] for each in desk["waiting"]] == [proposed.json()["uuid"]]
    assert desk["waiting"][0]["days"] == 0 and not desk["waiting"][0]["is_long"]
    assert {each["kind"] for each in desk["quality"]} == {"electricity", "fuel"}
    assert {"geography": "CN-SD", "versions": dict.fromkeys(Factor.Kind.values, 0)} in desk["places"]
    for client, code in ((curator, 403), (second, 200)):
        answer = post(client, moves, {"move": "confirm"}, **{"if-match": '"1"'})
        assert answer.status_code == code
    assert answer.json()["state"] == "published" and answer.json()["waits_for"] == ""
    assert owner.get("/api/v1/factor-desk/").status_code == 403
    assert Client().get("/api/v1/factor-desk/").status_code == 401


def test_totals_that_name_no_set_are_compared_as_what_they_are(small: object, enter: Enter) -> None:
    """Two years of the life-cycle average of China, whose publisher names no set."""
    found = FactorVersion.objects.filter(factor__code="electricity-cn-footprint-average").order_by("number")
    asked = "&".join(f"version={each.uuid}" for each in found)
    reader = enter()
    told = reader.get(f"{BASE}/factor-versions/compare/?{asked}").json()
    assert len(told["versions"]) == found.count() == 2
    assert (told["is_comparable"], told["gwp_set"], told["scope"]) == (True, "", "co2e")
    assert all(each["figure"] for each in told["versions"])
    page = reader.get(f"/factors/compare/?{asked}")
    assert page.context["chart"] is not None and "AR6" not in page.context["chart"].notes[0]


def test_the_list_is_narrowed_by_every_facet(grid: Factor, enter: Enter) -> None:
    reader = enter()
    Factor.objects.filter(pk=grid.pk).update(category="try", cpc="17100", hs="271600")
    for name, value in (("technology", "none"), ("category", "try"), ("cpc", "17100"), ("hs", "271600")):
        rows = reader.get(f"{BASE}/factor-versions/", {name: value}).json()["results"]
        wanted = set() if name == "technology" else {"grid-cn-national-average"}
        assert {each["factor"]["code"] for each in rows} == wanted


def test_facets_are_what_the_page_offers(small: object, enter: Enter) -> None:
    owner = enter(Role.OWNER)

    def asked(**given: object) -> dict[str, dict[str, int]]:
        rows = owner.get("/api/v1/factor-versions/facets/", given).json()
        return {row["name"]: {each["value"]: each["versions"] for each in row["values"]} for row in rows}

    every = asked()
    assert set(every["kind"]) == {"electricity", "fuel"}
    fuel = asked(kind="fuel")
    assert fuel["kind"] == every["kind"] and sum(fuel["scope"].values()) == every["kind"]["fuel"]
    assert set(asked(search="natural gas")["kind"]) == {"fuel"}
    for wrong in ({"kind": "magic"}, {"year": "soon"}, {"colour": "red"}):
        assert owner.get("/api/v1/factor-versions/facets/", wrong).status_code == 400
    assert Client().get("/api/v1/factor-versions/facets/").status_code == 401

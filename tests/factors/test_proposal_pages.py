"""Proposals in the browser: who may propose, review, comment and move on; what a refusal says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from factors.models import Factor, FactorProposal, FactorVersion, Source
from tests import builders

Enter = Callable[..., Client]


@pytest.fixture
def enter(db: None) -> Enter:
    def make(role: Role, company: Company | None = None) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(company or builders.company(), role))
        client.cookies["django_language"] = "en"
        return client

    return make


def filled(company: Company | None, **changes: str) -> dict[str, str]:
    return {
        "company": str(company.uuid) if company else "", "geography": "CN", "reference_year": "2023",
        "scope": "co2", "boundary": "direct", "gwp_set": "", "source": "mee-grid-co2-2023",
        "source_locator": "attachment, table 1", "transcription": "confirmed", "reason": "newer",
        "gas_1": "CO2", "origin_1": "fossil", "kg_1": "0.531", **changes,
    }  # fmt: skip


def propose(enter: Enter, grid: Factor, **changes: str) -> tuple[FactorProposal, Client]:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    answer = owner.post(f"/factors/proposals/new/?factor={grid.uuid}", filled(company, **changes))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return FactorProposal.objects.get(), owner


def test_from_the_form_to_a_version(grid: Factor, enter: Enter) -> None:
    made, _owner = propose(enter, grid)
    base = f"/factors/proposals/{made.uuid}/"
    curator = enter(Role.CURATOR)
    assert curator.post(f"{base}move/", {"move": "pass_on", "version": "1"}).status_code == 302
    assert "Two technical reviewers" in curator.get(base).content.decode()
    for _each in range(2):
        verifier = enter(Role.VERIFIER)
        assert b"Fit to be published" in verifier.get(base).content
        verifier.post(f"{base}say/", {"verdict": "fit", "text": "compared"})
    enter(Role.OWNER).post(f"{base}say/", {"text": "A remark."})
    reviewed = curator.get(base)
    assert "Two technical reviewers" not in reviewed.content.decode()
    assert ["review" in each for each in reviewed.context["history"]] == [False, False, True, True, False]
    early = enter(Role.CURATOR).post(f"{base}move/", {"move": "publish", "version": "2"})
    assert early.status_code == 422
    assert curator.post(f"{base}move/", {"move": "approve", "version": "2"}).status_code == 302
    assert curator.post(f"{base}move/", {"move": "publish", "version": "3"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "published" and made.steps.count() == 5
    page = curator.get(base).content.decode()
    assert "A remark." in page and "Version 4" in page
    assert f"&amp;proposal={made.uuid}" not in page


def test_no_table_of_it_takes_along_what_a_licence_keeps(grid: Factor, enter: Enter) -> None:
    made, owner = propose(enter, grid)
    table = f"/factors/proposals/{made.uuid}/?table=1&format=csv"
    assert b"0.531" in owner.get(table).content
    Source.objects.filter(code="mee-grid-co2-2023").update(redistribution="link-only")
    kept = owner.get(table).content
    assert b"0.531" not in kept and b"not passed on (licence)" in kept


def test_its_impact_is_that_on_the_version_it_would_supersede(grid: Factor, enter: Enter) -> None:
    oldest = grid.versions.filter(status="published").order_by("reference_year").first()
    newest = grid.versions.filter(status="published").order_by("-reference_year").first()
    assert oldest and newest and oldest != newest
    made, owner = propose(
        enter, grid, geography=oldest.geography, reference_year=str(oldest.reference_year),
        scope=oldest.scope, boundary=oldest.boundary, source=oldest.source.code,
    )  # fmt: skip
    link = f"/factors/{grid.uuid}/impact/?old={oldest.number}&amp;proposal={made.uuid}"
    assert link in owner.get(f"/factors/proposals/{made.uuid}/").content.decode()


def test_a_refusal_keeps_what_was_typed_and_says_why(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    answer = owner.post(
        f"/factors/proposals/new/?factor={grid.uuid}",
        filled(company, kg_1="1.95", reason="", reference_year="2022"),
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "between MJ and kWh" in page and "1.95" in page
    assert not FactorProposal.objects.exists()


def test_a_new_factor_has_names_and_codes(grid: Factor, enter: Enter) -> None:
    company = builders.company()
    owner = enter(Role.OWNER, company)
    new = {"code": "steam-hp", "name_en": "High pressure steam", "kind": "heat", "unit": "GJ", "cpc": "17300",
           "kg_1": "60"}  # fmt: skip
    assert owner.get("/factors/proposals/new/").status_code == 200
    nothing = owner.post("/factors/proposals/new/", {}).context["form"].errors
    assert {"code", "kind", "unit", "scope", "boundary", "source"} <= set(nothing)
    for name in ("kind", "unit", "scope", "boundary", "source"):
        hurried = owner.post("/factors/proposals/new/", filled(company, **new) | {name: ""})
        assert hurried.status_code == 422 and name in hurried.context["form"].errors
    assert owner.post("/factors/proposals/new/", filled(company, **new)).status_code == 302
    assert FactorProposal.objects.get().cpc == "17300"
    assert b"High pressure steam" in owner.get("/factors/proposals/").content
    page = owner.get(f"/factors/proposals/{FactorProposal.objects.get().uuid}/").content.decode()
    assert "steam-hp" in page and "The screening found nothing." in page
    assert "0 published figures are of the same flow" in page


def test_a_quiet_screening_says_how_much_it_had_to_go_by(grid: Factor, enter: Enter) -> None:
    for kg in ("0.51", "0.52", "0.53", "0.54", "0.55"):
        builders.factor_version(kg, factor=grid, scope="co2", boundary="direct")
    made, owner = propose(enter, grid)
    assert made.findings == []
    page = owner.get(f"/factors/proposals/{made.uuid}/").content.decode()
    assert "The screening found nothing." in page and "It was held against" in page


def test_sending_back_needs_a_reason(grid: Factor, enter: Enter) -> None:
    made, owner = propose(enter, grid)
    base = f"/factors/proposals/{made.uuid}/"
    curator = enter(Role.CURATOR)
    assert curator.post(f"{base}move/", {"move": "send_back"}).status_code == 422
    assert curator.post(f"{base}move/", {"move": "send_back", "reason": "which table?"}).status_code == 302
    assert owner.post(f"{base}move/", {"move": "hand_in_again"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.round) == ("screening", 2)


def test_what_was_sent_back_is_mended_and_keeps_what_it_said(grid: Factor, enter: Enter) -> None:
    made, owner = propose(enter, grid, technology="hydro", uncertainty_gsd2="1.2", note_en="as told")
    base = f"/factors/proposals/{made.uuid}/"
    early = owner.post(f"{base}mend/", filled(made.company, version="1"))
    assert early.status_code == 302 and made.steps.count() == 1
    curator = enter(Role.CURATOR)
    curator.post(f"{base}move/", {"move": "send_back", "reason": "which table?"})
    form = owner.get(f"{base}mend/").content.decode()
    assert "which table?" in form and 'value="hydro"' in form and 'value="1.2"' in form and "as told" in form
    mended = filled(made.company, kg_1="0.532", technology="hydro", uncertainty_gsd2="1.2", version="2")
    slipped = owner.post(f"{base}mend/", {**mended, "kg_1": "-1"})
    assert slipped.status_code == 422 and "-1" in slipped.content.decode()
    assert owner.post(f"{base}mend/", {**mended, "version": "1"}).status_code == 409
    assert owner.post(f"{base}mend/", mended).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.round, made.content["emissions"][0]["kg_per_unit"]) == ("screening", 2, "0.532")
    assert made.content["uncertainty_gsd2"] == "1.2" and made.content["technology"] == "hydro"
    assert "0.531 → 0.532" in owner.get(base).content.decode()
    assert enter(Role.PLANT_PROVIDER).get(f"{base}mend/").status_code == 403
    assert enter(Role.OWNER).get(f"{base}mend/").status_code == 403
    assert Client().get(f"{base}mend/").status_code == 302


def test_a_proposal_says_what_it_replaces(grid: Factor, enter: Enter) -> None:
    old = grid.versions.get(number=3)
    made, owner = propose(enter, grid, replaces="3", reference_year=str(old.reference_year - 1))
    assert made.replaces == old
    assert "Version 3 · " in owner.get(f"/factors/proposals/{made.uuid}/").content.decode()


def test_what_it_replaces_is_chosen_anew_once_that_was_superseded(grid: Factor, enter: Enter) -> None:
    old = grid.versions.get(number=3)
    made, owner = propose(enter, grid, replaces="3", reference_year=str(old.reference_year - 1))
    base, curator = f"/factors/proposals/{made.uuid}/", enter(Role.CURATOR)
    assert 'value="3" selected' not in owner.get(base).content.decode()
    FactorVersion.objects.filter(pk=old.pk).update(status="superseded")
    assert "was superseded meanwhile" in curator.get(base).content.decode()
    curator.post(f"{base}move/", {"move": "send_back", "reason": "superseded"})
    assert owner.post(f"{base}move/", {"move": "hand_in_again"}).status_code == 422
    again = filled(made.company, reference_year=str(old.reference_year - 1), version="2", replaces="2")
    assert owner.post(f"{base}mend/", again).status_code == 302
    made.refresh_from_db()
    assert made.replaces is not None and made.replaces.number == 2
    page = owner.get(base).content.decode()
    assert "Version 3" in page and "was superseded meanwhile" not in page


def test_a_new_factor_is_mended_with_its_code(small: object, enter: Enter) -> None:
    company = builders.company()
    owner, curator = enter(Role.OWNER, company), enter(Role.CURATOR)
    new = {"code": "grid-new", "name_zh": "新电网", "kind": "electricity", "unit": "kWh"}
    assert owner.post("/factors/proposals/new/", filled(company, **new)).status_code == 302
    made = FactorProposal.objects.get()
    base = f"/factors/proposals/{made.uuid}/"
    curator.post(f"{base}move/", {"move": "send_back", "reason": "It needs another code."})
    assert 'value="grid-new"' in owner.get(f"{base}mend/").content.decode()
    taken = {**new, "code": "grid-cn-national-average", "version": "2"}
    assert owner.post(f"{base}mend/", filled(company, **taken)).status_code == 422
    assert owner.post(f"{base}mend/", filled(company, **{**taken, "code": "grid-newer"})).status_code == 302
    assert "grid-new → grid-newer" in owner.get(base).content.decode()


def test_the_outsider(grid: Factor, enter: Enter) -> None:
    made, _owner = propose(enter, grid)
    base = f"/factors/proposals/{made.uuid}/"
    for path in ("/factors/proposals/", "/factors/proposals/new/", base):
        assert Client().get(path).status_code == 302
    plant = enter(Role.PLANT_PROVIDER)
    assert plant.get("/factors/proposals/new/").status_code == 403
    assert plant.get(base).status_code == 200
    assert plant.post(f"{base}move/", {"move": "pass_on"}).status_code == 403
    enter(Role.CURATOR).post(f"{base}move/", {"move": "pass_on"})
    assert plant.post(f"{base}say/", {"verdict": "fit"}).status_code == 403
    assert Client().post(f"{base}say/", {"text": "x"}).status_code == 302
    assert plant.get("/factors/proposals/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_the_desk_shows_what_waits_to_curators_alone(grid: Factor, enter: Enter) -> None:
    made, owner = propose(enter, grid)
    page = enter(Role.CURATOR).get("/factors/desk/")
    assert page.status_code == 200
    assert [each.proposal for each, _tone in page.context["waiting"]] == [made]
    places = {each.code: dict(each.counts) for _name, each in page.context["coverage"]}
    assert places["CN"]["electricity"] > 0 and places["CN-XZ"] == dict.fromkeys(places["CN"], 0)
    assert all(0 <= share <= 1 for _kind, each in page.context["quality"] for share in each.shares)
    assert page.context["radar"].is_drawn
    assert owner.get("/factors/desk/").status_code == 403

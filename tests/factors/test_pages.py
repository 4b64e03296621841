"""The factor browser, a factor's page and the curator's form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from factors import queries
from factors.actions.publish_version import content_of, publish_version
from factors.models import Factor, FactorProposal, FactorVersion, Source
from factors.pages.forms import PublishForm, said_by
from factors.seed.reading import Seed
from tests import builders
from tests.factors.conftest import ANOTHER

SignedIn = Callable[..., Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    def make(*roles: Role, language: str = "en") -> Client:
        user: User = builders.person(builders.company(), *(roles or (Role.OWNER,)))
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return make


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("path", ["/factors/", "/factors/export.csv"])
def test_visitors_are_asked_to_sign_in(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302 and "login" in response["Location"]


@pytest.mark.parametrize("path", ["", "publish/"])
def test_visitors_see_no_factor(grid: Factor, path: str) -> None:
    assert Client().get(f"/factors/{grid.uuid}/{path}").status_code == 302


def test_search_in_chinese(small: Seed, signed_in: SignedIn) -> None:
    page = text(signed_in(language="zh-hans").get("/factors/", {"search": "全国电网平均"}))
    assert "全国电网平均" in page and "天然气燃烧" not in page


def test_the_list_keeps_direct_and_life_cycle_figures_apart(small: Seed, signed_in: SignedIn) -> None:
    page = text(signed_in().get("/factors/", {"kind": "electricity"}))
    assert "kg CO<sub>2</sub> / kWh" in page and "kg CO<sub>2</sub>e / kWh" in page
    assert "Direct emissions of generation" in page and "Life cycle" in page
    only = text(signed_in().get("/factors/", {"kind": "electricity", "scope": "co2e"}))
    assert "kg CO<sub>2</sub> / kWh" not in only


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"year": "2023"}, 3),
        ({"year": "soon"}, 7),
        ({"source": "ndrc-petroleum-2014"}, 1),
        ({"kind": "x"}, 7),
    ],
)
def test_filters(small: Seed, signed_in: SignedIn, query: dict[str, str], count: int) -> None:
    # what cannot be understood narrows nothing
    expected = FactorVersion.objects.filter(status="published").count()
    shown = signed_in().get("/factors/", query).context["listing"].page.paginator.count
    assert shown == (count if count != 7 else expected)


def test_nothing_found_says_so(small: Seed, signed_in: SignedIn) -> None:
    assert "Nothing matches" in text(signed_in().get("/factors/", {"search": "unobtainium"}))


def test_an_empty_database_says_what_to_do(db: None, signed_in: SignedIn) -> None:
    assert "No factors yet" in text(signed_in().get("/factors/"))


def test_a_question_that_finds_too_much_says_so(
    loaded: Seed, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    assert "There may be more" not in text(client.get("/factors/", {"search": "无烟煤"}))
    monkeypatch.setattr("factors.search.MOST_FACTORS", 3)
    assert "There may be more" in text(client.get("/factors/", {"search": "燃烧"}))
    assert "There may be more" not in text(client.get("/factors/"))


def test_the_list_takes_the_same_number_of_queries_however_long(loaded: Seed, signed_in: SignedIn) -> None:
    client = signed_in()
    client.get("/factors/")
    taken = []
    for query in ({"search": "无烟煤"}, {"search": "燃烧"}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/factors/", query)
        taken.append(len(queries))
    short, long = taken
    assert short == long - 1 <= 20  # a list that ends on its first page is not counted


def test_a_resolved_factor_shows_every_set(loaded: Seed, signed_in: SignedIn) -> None:
    factor = Factor.objects.get(code="fuel-anthracite-t")
    version = factor.versions.get(geography="GLO")
    page = text(signed_in().get(f"/factors/{factor.uuid}/", {"version": version.number}))
    assert "kg CO₂e per" in page and all(
        f"AR{n} GWP{years}" in page for n in (4, 5, 6) for years in (100, 20)
    )
    assert "2,635.97" in page  # AR5: 2624.61 + 0.0267 x 28 + 0.04005 x 265
    assert "Net calorific value" in page and "26.7" in page


def test_a_resolved_factor_is_weighed_over_twenty_years(loaded: Seed, signed_in: SignedIn) -> None:
    gas = Factor.objects.filter(versions__emissions__gas="CH4", versions__status="published")[0]
    page = signed_in().get(f"/factors/{gas.uuid}/")
    sets = {one.title: one.total for one in page.context["sets"]}
    assert sets["AR6 GWP20"] > sets["AR6 GWP100"] and "AR6 GWP20" in page.content.decode()


def test_co2_alone_is_never_shown_as_co2e(loaded: Seed, signed_in: SignedIn) -> None:
    factor = Factor.objects.get(code="grid-cn-national-average")
    page = text(signed_in().get(f"/factors/{factor.uuid}/"))
    assert "kg CO₂ per kWh" in page and "kg CO₂e per" not in page and "GWP100" not in page


def test_a_total_is_not_weighed_again_and_the_page_says_why(loaded: Seed, signed_in: SignedIn) -> None:
    factor = Factor.objects.get(code="electricity-cn-footprint-average")
    page = text(signed_in().get(f"/factors/{factor.uuid}/"))
    assert "does not say with which GWP set" in page
    assert "0.5777" in page and "do not compare or add it to a factor of direct emissions" in page


def test_a_single_transcription_is_marked(loaded: Seed, signed_in: SignedIn) -> None:
    factor = Factor.objects.get(code="heat-cn-default")
    page = text(signed_in().get(f"/factors/{factor.uuid}/"))
    assert "Single transcription" in page and "JS/T 303-2026" in page


def test_every_version_is_reachable_and_unknown_ones_are_not_found(grid: Factor, signed_in: SignedIn) -> None:
    client = signed_in()
    for number in (1, 2, 3):
        assert client.get(f"/factors/{grid.uuid}/", {"version": number}).status_code == 200
    assert client.get(f"/factors/{grid.uuid}/", {"version": 99}).status_code == 404
    assert client.get("/factors/00000000-0000-4000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_of_page_renders_in_both_languages(
    loaded: Seed, signed_in: SignedIn, language: str
) -> None:
    client = signed_in(Role.CURATOR, language=language)
    for recipe in ("direct", "carbon", "heat", "heat_biogenic", "published_co2e"):
        version = FactorVersion.objects.filter(derivation__recipe=recipe)[0]
        for path in ("", "publish/"):
            response = client.get(f"/factors/{version.factor.uuid}/{path}", {"version": version.number})
            assert response.status_code == 200


def test_export_is_what_is_shown_with_source_and_licence(small: Seed, signed_in: SignedIn) -> None:
    response = signed_in().get("/factors/export.csv", {"search": "natural gas"})
    rows = list(csv.DictReader(io.StringIO(text(response).removeprefix("\ufeff"))))
    assert [row["kg_per_unit"] for row in rows] == ["21621.88809", "21650.151996", "21621.88809"]
    assert all(row["licence"] and row["source"] and row["unit"] == "1e4 Nm3" for row in rows)


def test_numbers_that_may_not_be_passed_on_stay(small: Seed, signed_in: SignedIn) -> None:
    Source.objects.filter(code="ndrc-petroleum-2014").update(redistribution="no")
    response = signed_in().get("/factors/export.csv", {"source": "ndrc-petroleum-2014"})
    rows = list(csv.DictReader(io.StringIO(text(response).removeprefix("\ufeff"))))
    assert [row["kg_per_unit"] for row in rows] == [""]


def test_export_loses_nothing_that_tells_versions_apart(small: Seed, signed_in: SignedIn) -> None:
    factor = Factor.objects.get(code="fuel-natural-gas-nm3")
    version = factor.versions.get(source__code="ndrc-petroleum-2014")
    Factor.objects.filter(pk=factor.pk).update(cpc="12020", hs="271121", cas="74-82-8")
    response = signed_in().get("/factors/export.csv", {"source": "ndrc-petroleum-2014"})
    (row,) = csv.DictReader(io.StringIO(text(response).removeprefix("\ufeff")))
    told = {name: row[name] for name in ("technology", "category", "cas", "cpc", "hs", "source_code")}
    assert told == {
        "technology": version.technology, "category": factor.category, "cas": "74-82-8", "cpc": "12020",
        "hs": "271121", "source_code": "ndrc-petroleum-2014",
    }  # fmt: skip
    assert (row["note_en"], row["uncertainty_gsd2"]) == (version.note_en, "")


@pytest.mark.parametrize("redistribution", ["no", "link-only"])
def test_no_table_of_a_page_takes_them_along(small: Seed, signed_in: SignedIn, redistribution: str) -> None:
    Source.objects.filter(code="ndrc-petroleum-2014").update(redistribution=redistribution)
    closed = FactorVersion.objects.get(source__code="ndrc-petroleum-2014")
    free = FactorVersion.objects.exclude(source=closed.source).filter(factor=closed.factor).first()
    assert free is not None
    client = signed_in()
    pages = [
        f"/factors/?source={closed.source.code}",
        f"/factors/{closed.factor.uuid}/?version={closed.number}",
        f"/factors/compare/?version={closed.uuid}&version={free.uuid}",
    ]
    kg = f"{closed.emissions.get().kg_per_unit:f}"[:5]
    for page in pages:
        tables = ["", *(f"&table={number}" for number in range(1, 8))]
        files = [text(client.get(f"{page}&format=csv{table}")) for table in tables]
        files = [each for each in files if not each.lstrip().startswith("<!doctype")]
        assert any("not passed on (licence)" in each for each in files), page
        assert not any(kg in each for each in files), page


def filled(**changes: str) -> dict[str, str]:
    good = {
        "geography": "CN",
        "reference_year": "2023",
        "scope": "co2",
        "boundary": "direct",
        "gwp_set": "",
        "source": "mee-grid-co2-2023",
        "source_locator": "attachment, table 1",
        "transcription": "confirmed",
        "note_zh": "",
        "note_en": "",
        "gas_1": "CO2",
        "origin_1": "fossil",
        "kg_1": "0.5307",
    }
    return {**good, **changes}


def test_a_curator_corrects_by_the_form_and_another_confirms(grid: Factor, signed_in: SignedIn) -> None:
    client = signed_in(Role.CURATOR)
    assert "0.5306" in text(client.get(f"/factors/{grid.uuid}/publish/"))
    response = client.post(f"/factors/{grid.uuid}/publish/", filled(), follow=True)
    assert "Another curator has to confirm it" in text(response) and "Not yours" in text(response)
    assert not grid.versions.filter(number=4).exists() and "Confirm and publish" not in text(response)
    made = FactorProposal.objects.get()
    address, confirm = f"/factors/proposals/{made.uuid}/", {"move": "confirm", "version": "1"}
    assert client.post(f"{address}move/", confirm).status_code == 403
    second = signed_in(Role.CURATOR)
    assert "Confirm and publish" in text(second.get(address))
    assert str(made.uuid) in text(second.get("/factors/desk/"))
    assert "Confirmed and published" in text(second.post(f"{address}move/", confirm, follow=True))
    new = grid.versions.get(number=4)
    assert new.prepared_by.startswith("person:") and new.published_by
    made.refresh_from_db()
    assert made.decided_by_id not in (None, made.proposed_by_id)
    assert str(grid.versions.get(number=4).emissions.get().kg_per_unit) == "0.5307"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kg_1": "-1"}, "is negative"),
        ({"kg_1": "610"}, "more than anything emits"),
        ({"kg_1": "12"}, "twenty times or more"),
        ({"kg_1": "NaN"}, "Enter a number"),
        ({"kg_1": "lots"}, "Enter a number"),
        ({"kg_1": ""}, "Enter the amount of CO2"),
        ({"gas_1": ""}, "Choose the gas"),
        ({"gas_1": "Phlogiston"}, "not one of the available choices"),
        ({"gas_1": "", "kg_1": ""}, "State at least one emission"),
        ({"gas_1": "CH4"}, "The scope is CO2 only"),
        ({"reference_year": "1066"}, "must be from 1990"),
        ({"source": "hearsay"}, "not one of the available choices"),
        ({"source_locator": ""}, "This field is required"),
    ],
)
def test_bad_input_is_refused_at_the_field_and_kept(
    grid: Factor, signed_in: SignedIn, changes: dict[str, str], words: str
) -> None:
    response = signed_in(Role.CURATOR).post(f"/factors/{grid.uuid}/publish/", filled(**changes))
    page = text(response)
    assert response.status_code == 422 and words in page
    assert grid.versions.count() == 3
    if changes.get("kg_1"):
        assert f'value="{changes["kg_1"]}"' in page


def test_a_large_change_can_be_confirmed(grid: Factor, signed_in: SignedIn) -> None:
    client = signed_in(Role.CURATOR)
    assert client.post(f"/factors/{grid.uuid}/publish/", filled(kg_1="12")).status_code == 422
    client.post(f"/factors/{grid.uuid}/publish/", filled(kg_1="12", reason="A unit slip in the source"))
    assert FactorProposal.objects.get().reason == "A unit slip in the source"


def test_a_correction_keeps_every_field(grid: Factor, curator: Actor) -> None:
    old = grid.versions.get(number=3)
    said = replace(
        content_of(old, queries.emissions_of(curator, [old.pk])[old.pk]),
        technology="hydro", uncertainty_gsd2=Decimal("1.21"), derivation={"recipe": "carbon", "figures": {}},
    )  # fmt: skip
    made = publish_version(grid, by=curator, prepared_by=ANOTHER, content=said)
    form = PublishForm(actor=curator, factor=grid, base=said_by(curator, made))
    posted = {name: str(form[name].value() or "") for name in form.fields}
    again = PublishForm(posted, actor=curator, factor=grid, base=said_by(curator, made))
    assert again.is_valid() and again.content().digest() == said.digest()
    other = PublishForm({**posted, "kg_1": "0.55"}, actor=curator, factor=grid, base=said_by(curator, made))
    assert other.is_valid() and other.content().derivation == {}


def test_only_curators_reach_the_form(grid: Factor, signed_in: SignedIn) -> None:
    client = signed_in(Role.OWNER)
    assert "Publish a new version" not in text(client.get(f"/factors/{grid.uuid}/"))
    assert client.get(f"/factors/{grid.uuid}/publish/").status_code == 403
    assert client.post(f"/factors/{grid.uuid}/publish/", filled()).status_code == 403
    assert client.post(f"/factors/{grid.uuid}/withdraw/3/", {"reason": "x"}).status_code == 403
    assert grid.versions.count() == 3


def test_a_curator_withdraws_with_a_reason(grid: Factor, signed_in: SignedIn) -> None:
    client = signed_in(Role.CURATOR)
    address = f"/factors/{grid.uuid}/withdraw/3/"
    assert "Say why" in text(client.post(address, {"reason": ""}, follow=True))
    page = text(client.post(address, {"reason": "Wrong table"}, follow=True))
    assert "Version 3 is withdrawn" in page and "Wrong table" in page
    assert client.get(address).status_code == 405


def test_a_formula_in_an_exported_cell_is_defused(grid: Factor, signed_in: SignedIn) -> None:
    signed_in(Role.CURATOR).post(f"/factors/{grid.uuid}/publish/", filled(source_locator="=1+1"))
    move = f"/factors/proposals/{FactorProposal.objects.get().uuid}/move/"
    signed_in(Role.CURATOR).post(move, {"move": "confirm", "version": "1"})
    page = text(signed_in().get("/factors/export.csv", {"search": "grid"}))
    assert "'=1+1" in page


def test_what_differs_in_kind_is_not_drawn_together(small: Seed, signed_in: SignedIn) -> None:
    direct = FactorVersion.objects.filter(factor__code="grid-cn-national-average")
    whole = FactorVersion.objects.filter(factor__code="electricity-cn-footprint-average")
    mixed = signed_in().get("/factors/compare/", {"version": [direct[0].uuid, whole[0].uuid]})
    assert mixed.context["chart"] is None and "Some count CO" in text(mixed)
    alike = signed_in().get("/factors/compare/", {"version": [direct[0].uuid, direct[1].uuid]})
    assert alike.context["chart"].is_drawn and not alike.context["obstacles"]
    assert len(alike.context["chart"].stacks) == 2


def test_compare_without_anything_says_what_to_do(small: Seed, signed_in: SignedIn) -> None:
    assert "Choose two or more" in text(signed_in().get("/factors/compare/", {"version": "nonsense"}))
    assert Client().get("/factors/compare/").status_code == 302


def test_a_facet_narrows_and_is_taken_back(small: Seed, signed_in: SignedIn) -> None:
    page = signed_in().get("/factors/", {"scope": "co2e", "search": "2023"})
    scope = next(facet for facet in page.context["facets"] if facet.name == "scope")
    taken_back = next(value for value in scope.values if value.is_chosen)
    assert taken_back.query == "search=2023"
    assert {row.version.scope for row in page.context["listing"].page} == {"co2e"}

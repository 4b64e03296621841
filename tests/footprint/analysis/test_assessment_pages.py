"""Methods, quality, uncertainty and the readouts: stored figures shown, empty states, who may."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.figures import significant
from accounts.models import User
from accounts.roles import Role
from factors.models import FactorVersion
from footprint.analysis.actions.sample import work
from footprint.analysis.models import Assessment, ProfileFigure, SampledFigure, UncertaintyRun
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.footprint.analysis.assessing import assess, band, by_profile, column, profile
from tests.footprint.analysis.conftest import Plant, signed_in

PAGES = ("allocation", "methods", "quality", "uncertainty")
DOORS = (*PAGES, *(f"{page}_export" for page in PAGES), "uncertainty_progress", "readouts")
TITLES = {
    "en": {
        "methods": "Figure by profile",
        "quality": "Data quality rating",
        "uncertainty": "Monte Carlo study",
    },
    "zh-hans": {"methods": "各方法下的结果", "quality": "数据质量评级", "uncertainty": "蒙特卡洛"},
}


def asked(plant: Plant, name: str, query: str = "", language: str = "en", user: User | None = None) -> str:
    client = signed_in(user or plant.owner)
    client.cookies["django_language"] = language
    answer = client.get(reverse(f"analysis:{name}", args=[plant.ethylene.uuid]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def table(plant: Plant, name: str) -> list[dict[str, str]]:
    answer = signed_in(plant.owner).get(reverse(f"analysis:{name}", args=[plant.ethylene.uuid]))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def matrix(plant: Plant) -> Plant:
    """Ethylene under the platform's profile, one that differs, and one that cannot be applied."""
    figure = column(plant.cracker, plant.ethylene)
    assess(figure)
    ProfileFigure.objects.all().delete()
    here = profile("here", 1)
    other = profile("other", 2, gwp_set="AR5", boundary="installation", cut_off="none")
    refused = profile("refused", 3)
    left = [{"what": "fuel_supply", "kg_co2e": 41.24}]
    by_profile(
        figure,
        here,
        800.0,
        parts={"fossil": 750.0, "biogenic_other": 50.0},
        exempted_share=0.0125,
        method="mass",
    )
    causes = {"method": -90.0, "allocation": 0.0, "gwp": -10.0}
    bridges = [
        {"profile": "here", "number": 1, "kg_co2e": 800.0, "causes": causes},
        {"profile": "other", "number": 0, "kg_co2e": 650.5, "causes": {"method": 49.5}},
    ]
    by_profile(
        figure, other, 700.0, parts={"fossil": 700.0}, left_out=left, method="economic", bridges=bridges
    )
    version = new.factor_version("0.9")
    failure = {"code": "co2e_only", "factor_version": version.pk, "gwp_set": "AR5", "wanted": "AR6"}
    by_profile(figure, refused, None, failure=failure)
    return plant


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", ["methods", "quality", "uncertainty"])
def test_pages_answer_in_both_languages(matrix: Plant, page: str, language: str) -> None:
    text = asked(matrix, page, language=language)
    assert TITLES[language][page] in text
    assert "note-bad" not in text


def test_the_matrix_shows_what_is_stored_and_why_it_differs(matrix: Plant) -> None:
    text = asked(matrix, "methods")
    for words in ("800.0", "700.0", "−12.5%", "GWP values: AR5, 100 years instead of AR6, 100 years",
                  "Allocation of the process: By economic value instead of By mass", "Cut-off: Nothing",
                  "Left out: supply of fuels, 41.2 kg", "750.0", "1.2%"):  # fmt: skip
        assert words in text.replace("<sub>2</sub>", "2"), words
    assert reverse("rules:method", args=["other"]) in text


def test_a_bridge_to_another_profile_and_to_another_version(matrix: Plant) -> None:
    text = asked(matrix, "methods")
    assert text.count('data-choice="bridge-') == 2
    assert "−90" in text
    assert "650.5" in text
    assert "Version 0" in text
    shown = asked(matrix, "methods", "?bridge=other-0")
    assert '<div data-choice-of="bridge-other-0">' in shown
    assert '<div data-choice-of="bridge-other" hidden>' in shown


def test_a_refused_profile_names_the_factor(matrix: Plant) -> None:
    text = asked(matrix, "methods")
    failed = ProfileFigure.objects.exclude(failure=None).get()
    version = FactorVersion.objects.get(pk=failed.failure["factor_version"])
    assert "Cannot be applied" in text
    assert reverse("factors:factor", args=[version.factor.uuid]) in text


def test_the_file_of_the_matrix(matrix: Plant) -> None:
    rows = {row["profile"]: row for row in table(matrix, "methods_export")}
    assert float(rows["other"]["kg_co2e_per_unit"]) == 700.0
    assert rows["refused"]["kg_co2e_per_unit"] == ""
    assert rows["refused"]["why"]


def test_quality_shows_the_stored_shares_and_the_lines(plant: Plant) -> None:
    assess(column(plant.cracker, plant.ethylene))
    text = asked(plant, "quality")
    for words in ("42.1%", "2.25", "1.50", "3.75", "1.2%"):
        assert words in text, words
    assert reverse("inventory:exchange", args=[plant.feed.uuid]) in text
    assert reverse("inventory:exchange", args=[plant.gas_burnt.uuid]) in text
    assert "The rating is the partner&#x27;s" in text


def test_an_unknown_exemption_says_so(plant: Plant) -> None:
    assess(column(plant.cracker, plant.ethylene), exempted_share=None)
    assert "nobody knows how much it would add" in asked(plant, "quality")


def test_the_file_of_inputs_sums_to_the_figure(plant: Plant) -> None:
    rows = table(plant, "quality_export")
    value = column(plant.cracker, plant.ethylene).kg_co2e_ar6
    assert sum(float(row["kg_co2e_per_unit"]) for row in rows) == pytest.approx(value, rel=1e-9)


def test_the_interval_is_that_of_the_stored_spread(plant: Plant) -> None:
    """800 with a GSD² of 1.21: one geometric standard deviation is 1.1."""
    assess(column(plant.cracker, plant.ethylene), kg_co2e=800.0, gsd2_low=1.21, gsd2_high=1.21)
    text = asked(plant, "uncertainty")
    assert str(round(800 / 1.1**1.959964, 1)) in text
    assert str(round(800 * 1.1**1.959964, 1)) in text


def test_a_study_is_started_followed_and_shown(plant: Plant) -> None:
    client = signed_in(plant.owner)
    client.cookies["django_language"] = "en"
    start = reverse("analysis:uncertainty_start", args=[plant.ethylene.uuid])
    assert client.post(start).status_code == 302
    page = asked(plant, "uncertainty")
    assert "The study waits for a worker" in page
    assert 'hx-trigger="every 1s"' in page
    assert "A study is under way" in client.post(start, follow=True).content.decode()
    assert UncertaintyRun.objects.count() == 1
    while work():
        pass
    answer = client.get(reverse("analysis:uncertainty_progress", args=[plant.ethylene.uuid]))
    assert answer["HX-Trigger"] == "study-finished"
    found = SampledFigure.objects.get(footprint=column(plant.cracker, plant.ethylene))
    text = asked(plant, "uncertainty")
    assert "Monte Carlo, 1,000 samples" in text
    assert significant(found.median) in text
    assert significant(found.low) in text


@pytest.mark.parametrize(
    ("role", "may"), [(Role.OWNER, True), (Role.APPROVER, False), (Role.PLANT_PROVIDER, False)]
)
def test_who_may_start_a_study(plant: Plant, role: Role, may: bool) -> None:
    person = new.person(plant.company, role, sites=(plant.site,) if role is Role.PLANT_PROVIDER else ())
    place = reverse("analysis:uncertainty_start", args=[plant.ethylene.uuid])
    answer = signed_in(person).post(place)
    assert answer.status_code == (302 if may else 403)
    assert UncertaintyRun.objects.exists() is may
    assert ("Start a study" in asked(plant, "uncertainty", user=person)) is False or may
    assert signed_in(person).get(place).status_code == 405


def test_two_figures_are_compared_in_words(plant: Plant) -> None:
    """The far cracker emits 2 t of CO2 per tonne, surely more."""
    assess(column(plant.cracker, plant.ethylene), kg_co2e=811.5, gsd2_high=1.05)
    other = column(plant.far_cracker, plant.ethylene)
    assess(other, kg_co2e=2000.0, gsd2_high=1.05)
    text = asked(plant, "uncertainty", f"?with={other.uuid}")
    assert "100.0% sure" in text
    assert "The two have no uncertain input in common." in text


def test_what_both_rest_on_is_named(plant: Plant) -> None:
    assess(column(plant.cracker, plant.ethylene))
    other = column(plant.cracker, plant.propylene)
    assess(other)
    text = asked(plant, "uncertainty", f"?with={other.uuid}")
    assert "with a probability of 50.0%" in text
    assert "What moves both" in text


def test_others_figures_are_not_offered(plant: Plant) -> None:
    foreign = column(plant.feed.provider_product.footprints.get().process, plant.naphtha)
    text = asked(plant, "uncertainty", f"?with={foreign.uuid}")
    assert str(foreign.uuid) not in text.replace(f"with={foreign.uuid}", "")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_readouts_of_the_product_page(plant: Plant, language: str) -> None:
    values = {"now": (811.5, 811.5), "economic": (944.25, 923.75), "energy": (795.0, 802.5)}
    assess(column(plant.cracker, plant.ethylene), band=band("mass", **values), kg_co2e=811.5)
    text = asked(plant, "readouts", language=language)
    assert "803 – 924" in text or "802 – 924" in text
    assert "42.1%" in text
    assert "2.2 · 1.5 · 3.8" in text or "2.3 · 1.5 · 3.8" in text
    assert f"{811.5 / 1.1**1.959964:.0f} – {811.5 * 1.1**1.959964:.0f}" in text
    for page in ("allocation", "quality", "uncertainty"):
        assert reverse(f"analysis:{page}", args=[plant.ethylene.uuid]) in text


def test_the_product_page_asks_for_them_by_address(plant: Plant) -> None:
    page, place = (reverse(n, args=[plant.ethylene.uuid]) for n in ("inventory:product", "analysis:readouts"))
    assert place in signed_in(plant.owner).get(page).content.decode()
    assert place not in signed_in(plant.buyer).get(page).content.decode()


@pytest.mark.parametrize("page", [*PAGES, "readouts"])
def test_a_stale_assessment_says_so_and_asks_again(plant: Plant, page: str) -> None:
    Exchange.objects.filter(pk=plant.feed.pk).update(dqr_time=2)
    text = asked(plant, page)
    assert 'hx-trigger="every 2s"' in text
    assert "Assessing…" in text if page == "readouts" else "Being assessed anew." in text
    drain()
    assert 'hx-trigger="every 2s"' not in asked(plant, page)


@pytest.mark.parametrize("page", PAGES)
def test_without_an_assessment_pages_wait_or_say_why(plant: Plant, page: str) -> None:
    Assessment.objects.all().delete()
    assert "The figure is being assessed" in asked(plant, page)
    client = signed_in(plant.owner)
    client.cookies["django_language"] = "en"
    idle = new.product(plant.company, "idle")
    text = client.get(reverse(f"analysis:{page}", args=[idle.uuid])).content.decode()
    assert "No process makes this product" in text


def test_a_failed_figure_leads_to_the_line(plant: Plant) -> None:
    plant.gas_burnt.unit = "m3"
    plant.gas_burnt.save()
    drain()
    client = signed_in(plant.owner)
    client.cookies["django_language"] = "en"
    for page in PAGES:
        text = client.get(reverse(f"analysis:{page}", args=[plant.steam.uuid])).content.decode()
        assert "There is no figure to assess" in text
        assert reverse("inventory:exchange", args=[plant.gas_burnt.uuid]) in text


@pytest.mark.parametrize("door", DOORS)
def test_outsiders_and_buyers_have_none(plant: Plant, door: str) -> None:
    place = reverse(f"analysis:{door}", args=[plant.ethylene.uuid])
    assert signed_in(plant.operator).get(place).status_code == 200
    assert signed_in(plant.buyer).get(place).status_code == 404
    assert signed_in(plant.stranger).get(place).status_code == 404


def test_nobody_else_starts_a_study_by_this_product(plant: Plant) -> None:
    place = reverse("analysis:uncertainty_start", args=[plant.ethylene.uuid])
    assert signed_in(plant.buyer).post(place).status_code == 404
    assert signed_in(plant.stranger).post(place).status_code == 404
    assert not UncertaintyRun.objects.exists()


@pytest.mark.parametrize("page", [*PAGES, "readouts"])
def test_as_many_queries_however_many_inputs(plant: Plant, page: str) -> None:
    client = signed_in(plant.owner)
    place = reverse(f"analysis:{page}", args=[plant.ethylene.uuid])
    client.get(place)
    with CaptureQueriesContext(connection) as few:
        client.get(place)
    for number in range(6):
        more = new.process(plant.inventory, f"more-{number}")
        made = new.product(plant.company, f"made-{number}", "t")
        new.output(more, made, "10", is_reference=True)
        new.takes(more, None, "20", "kWh", factor_version=new.factor_version("0.3"))
        new.takes(plant.cracker, made, "5", provider_process=more)
    drain()
    with CaptureQueriesContext(connection) as many:
        client.get(place)
    assert len(many) == len(few)


def test_a_study_that_broke_off_can_be_started_again(plant: Plant) -> None:
    run = UncertaintyRun.objects.create(samples=100)
    UncertaintyRun.objects.filter(pk=run.pk).update(state="failed", finished_at=timezone.now())
    text = asked(plant, "uncertainty")
    assert "The last study was broken off." in text
    assert "Start a study" in text

"""Reports on paper: what every member may know, and one's own beside released values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.actor import Actor
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.benchmark import reports
from footprint.benchmark.actions import set_target
from footprint.benchmark.actions.overview import count
from footprint.benchmark.models import Definition
from footprint.benchmark.words import comparison
from footprint.rules.models import MethodProfile, MethodProfileVersion, ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, Office, apart, give, profile, spread

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 26)
VALUES = [float(f"{each:.4g}") for each in spread(9, seed=2)]


@pytest.fixture
def rivals(settings: Any) -> list[Company]:
    """Nine, in a comparison of two years with parts, a trend and an average."""
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    method, office = profile(), Office()
    category = ProductCategory.objects.get(code="ethylene")
    companies = [new.company() for _ in range(9)]
    for year, factor in ((2023, 1.1), (2024, 1.0)):
        cell = office.define(category, method, year=year)
        values = [each * factor for each in VALUES]
        give(cell, values, companies, [100.0 + place for place in range(9)], apart(values))
        assert office.release(cell).state == "released"
    return companies


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said, as text; the files themselves are drawn all the same."""
    said: list[str] = []
    draw = reports.typeset

    def listening(template: Any, sheet: Any, made_on: date) -> bytes:
        said.append(json.dumps(sheet, ensure_ascii=False))
        return draw(template, sheet, made_on)

    monkeypatch.setattr(reports, "typeset", listening)
    return said


def test_a_member_reads_its_own_figures_and_nobody_elses(rivals: list[Company], sheets: list[str]) -> None:
    product = new.product(rivals[0], category=ProductCategory.objects.get(code="ethylene"))
    owner = new.actor(rivals[0])
    with acting_as(owner):
        set_target(product, by=owner, at=timezone.now(), base_year=2023, target_year=2030, percent=30)
        for language in ("zh", "en"):
            made = reports.member_report(owner, language=language, on=ON)
            assert made.content.startswith(b"%PDF-")
            assert made == reports.member_report(owner, language=language, on=ON), "the same bytes again"
    english = sheets[-1]
    assert f"{VALUES[0]:.4g}" in english
    assert "Why the own figure is not the median" in english and "Change of the same groups" in english
    assert "Own target" in english and rivals[0].name_en in english
    for rival, value in zip(rivals[1:], VALUES[1:], strict=True):
        assert rival.name_en not in english and rival.name_zh not in sheets[0]
        assert f'"{value:.4g}"' not in english
    assert "\u5dee" not in english and "差" in sheets[0]


def test_whoever_gave_nothing_gets_a_report_without_figures(rivals: list[Company], sheets: list[str]) -> None:
    with acting_as(outsider := new.actor(new.company())):
        reports.member_report(outsider, language="en", on=ON)
    assert "No released comparison has a figure of yours in it." in sheets[0]


def test_the_alliances_report_holds_averages_and_no_median(rivals: list[Company], sheets: list[str]) -> None:
    count(timezone.now())
    with acting_as(outsider := new.actor(new.company())):
        made = reports.alliance_report(outsider, year=2024, language="en", on=ON)
    assert made.content.startswith(b"%PDF-") and made.name == "alliance-2024-en.pdf"
    content = json.loads(sheets[0])
    by_title = {section["title"]: section for section in content["sections"]}
    (average,) = by_title["Averages of the alliance"]["rows"]
    assert average[:2] == ["Ethylene · Here (1)", "8-11"]
    counted = dict(by_title["In numbers"]["rows"])
    assert counted["Product category rules in force"] == "0 of 20 wanted by 2027"
    (entry,) = by_title["Ledger of releases"]["rows"]
    assert entry[0] == "Ethylene · Here (1)"
    assert "Median" not in sheets[0].replace("(median)", "")
    assert not any(company.name_en in sheets[0] for company in rivals)


def test_the_alliances_report_says_that_it_is_a_demonstration(sheets: list[str]) -> None:
    asking = new.actor(new.company())
    for is_one in (False, True):
        if is_one:
            new.company(is_demonstration=True)
        with acting_as(asking):
            reports.alliance_report(asking, year=2024, language="en", on=ON)
        assert ("Demonstration data" in sheets[-1]) is is_one


def test_the_alliances_report_tells_every_median_that_was_counted(sheets: list[str]) -> None:
    told = {"review_days": 12.0, "data_quality": 2.1, "factor_coverage": 0.93, "primary_data_share": 0.61}
    counted = count(timezone.now())
    with acting_as(Actor.worker()):
        counted.content |= told
        counted.save()
    with acting_as(outsider := new.actor(new.company())):
        reports.alliance_report(outsider, year=2024, language="zh", on=ON)
    (numbers,) = (each for each in json.loads(sheets[0])["sections"] if each["title"] == "数量概览")
    assert [value for _name, value in numbers["rows"]][-4:] == ["12", "2.1", "0.93", "0.61"]
    assert numbers["head"] == ["统计项", "数量"]


def test_comparisons_apart_by_region_or_method_alone_have_names_apart() -> None:
    category = ProductCategory(code="ethylene", name_zh="乙烯", name_en="Ethylene", unit="kg")
    here, there = (
        MethodProfileVersion(number=number, profile=MethodProfile(code=name, name_zh=name, name_en=name))
        for number, name in ((1, "Here"), (2, "There"))
    )
    told = [
        comparison(Definition(category=category, profile_version=method, **more))
        for method in (here, there)
        for more in ({}, {"region": "east"}, {"technology": "Coal", "region": "east"})
    ]
    with translation.override("en"):
        assert comparison(Definition(category=category, profile_version=there, region="east")) == (
            "Ethylene · East China · There (2)"
        )
    assert len(set(told)) == len(told)


def test_the_day_of_a_count_is_the_day_of_its_readers(rivals: list[Company], sheets: list[str]) -> None:
    """Half past midnight in Shanghai is the day before by Greenwich."""
    count(datetime(2026, 11, 25, 16, 30, tzinfo=UTC))
    with acting_as(outsider := new.actor(new.company())):
        reports.alliance_report(outsider, year=2024, language="en", on=ON)
    assert "Counted 2026-11-26." in sheets[0]


def test_the_doors(rivals: list[Company]) -> None:
    client = Client()
    client.force_login(new.person(rivals[0], Role.OWNER))
    for path in (
        "/categories/report-zh.pdf",
        "/alliance/report-en.pdf",
        "/alliance/report-zh.pdf?year=2023",
        "/api/v1/reports/alliance/?year=2024&language=en",
        "/api/v1/reports/comparisons/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), path
        assert answer.content.startswith(b"%PDF-")
    for path in (
        "/categories/report-fr.pdf",
        "/alliance/report-en.pdf?year=1999",
        "/alliance/report-en.pdf?year=x",
    ):
        assert client.get(path).status_code == 404, path
    for path, name in (
        ("alliance/?year=1999", "year"),
        ("alliance/?year=x", "year"),
        ("alliance/?language=fr", "language"),
        ("comparisons/?language=fr", "language"),
    ):
        answer = client.get(f"/api/v1/reports/{path}")
        assert answer.status_code == 400, path
        assert [fault["field"] for fault in answer.json()["errors"]] == [name]
    assert Client().get("/categories/report-en.pdf").status_code == 302

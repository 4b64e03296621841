"""Method profiles and closure rules: what comes with the product, what stays, what pages and systems see."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from accounts.actor import Actor
from footprint.engine.pact_allocation import PRICE_RATIO
from footprint.rules import queries
from footprint.rules.actions.publishing import (
    LISTS,
    SEED,
    BadRule,
    RuleConflict,
    load_closure_rules,
    load_profiles,
)
from footprint.rules.actions.seeding import load_categories
from footprint.rules.models import ClosureRule, MethodProfile, MethodProfileVersion
from footprint.rules.parameters import PARAMETERS, compare
from tests import builders as new
from tests.api.conftest import machine_of

TODAY = date(2026, 11, 1)


@pytest.fixture
def loaded(db: None) -> None:
    load_categories()
    load_profiles()
    load_closure_rules()


def seed() -> list[dict[str, Any]]:
    return list(json.loads((SEED / "profiles.json").read_text(encoding="utf-8")))


def version(code: str) -> MethodProfileVersion:
    return MethodProfileVersion.objects.get(profile__code=code)


def test_the_profiles_that_come_with_the_product(loaded: None) -> None:
    found = [each.profile.code for each in queries.versions_in_force(Actor.worker(), TODAY)]
    assert found == ["here", "gb-t-24067-2024", "iso-14067-2018", "pact-v3", "tfs-v3", "cbam-2025-2547"]


def test_what_pact_says(loaded: None) -> None:
    pact = version("pact-v3")
    assert (pact.cut_off_total, pact.validity_months) == (Decimal("0.03"), 36)
    assert (pact.recalculation_trigger, pact.recalculation_at_trigger) == (Decimal("0.1"), True)
    assert float(pact.allocation_price_ratio) == PRICE_RATIO
    assert pact.allocation_tree.index("economic_above_ratio") < pact.allocation_tree.index("physical")
    assert pact.is_verified("cut_off_total")
    assert not pact.is_verified("ccs")


def test_what_footprints_are_computed_by_today(loaded: None) -> None:
    here = version("here")
    assert (here.gwp_set, here.gwp_horizon, here.boundary) == ("AR6", 100, "cradle_to_gate")
    assert here.allocation_tree == ["as_recorded"]
    assert here.unverified == []


@pytest.mark.parametrize("code", ["gb-t-24067-2024", "iso-14067-2018", "tfs-v3", "cbam-2025-2547"])
def test_what_nobody_compared_with_its_text_says_so(loaded: None, code: str) -> None:
    found = version(code)
    assert found.facts
    assert sorted(found.unverified) == sorted(found.facts)


def test_every_parameter_that_is_stated_has_its_source(loaded: None) -> None:
    for row in seed():
        found = version(row["code"])
        stated = set(row["version"]) - {"number"}
        assert set(found.facts) == stated - set(row["silent"]), row["code"]
        assert all(fact["source"] for fact in found.facts.values())
    fields = {name for parameter in PARAMETERS for name in parameter.fields}
    assert {name for row in seed() for name in row["version"]} - {"number", "valid_from"} <= fields


def test_loading_twice_changes_nothing_and_mends_names(loaded: None) -> None:
    before = list(MethodProfileVersion.objects.order_by("pk").values_list("pk", "digest"))
    MethodProfile.objects.filter(code="pact-v3").update(name_en="Pact")
    load_profiles()
    load_closure_rules()
    assert list(MethodProfileVersion.objects.order_by("pk").values_list("pk", "digest")) == before
    assert MethodProfile.objects.get(code="pact-v3").name_en == "PACT Methodology version 3"
    assert ClosureRule.objects.count() == 3


def test_a_published_number_is_taken(loaded: None) -> None:
    rows = seed()
    rows[3]["version"]["cut_off_total"] = "0.05"
    with pytest.raises(RuleConflict, match="pact-v3 version 1"):
        load_profiles(rows)
    rows[3]["version"] |= {"number": 2, "valid_from": "2027-01-01"}
    load_profiles(rows)
    on = {day: queries.versions_in_force(Actor.worker(), day)[3].number for day in (TODAY, date(2027, 1, 1))}
    assert list(on.values()) == [1, 2]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"gwp_set": "AR7"}, "gwp_set"),
        ({"allocation_tree": ["guess"]}, "allocation_tree"),
        ({"allocation_tree": []}, "allocation_tree"),
        ({"required_outputs": ["everything"]}, "required_outputs"),
        ({"colour": "green"}, "no such parameter"),
    ],
)
def test_words_nobody_knows(db: None, change: dict[str, Any], fault: str) -> None:
    row = seed()[0]
    row["version"] |= change
    with pytest.raises(BadRule, match=fault):
        load_profiles([row])
    assert not MethodProfile.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rules_methodprofileversion SET cut_off_total = 0.5",
        "DELETE FROM rules_methodprofileversion",
        "UPDATE rules_closurerule SET red = 0.9",
        "DELETE FROM rules_closurerule",
        "UPDATE rules_methodprofile SET code = 'other' WHERE code = 'here'",
    ],
)
def test_what_is_published_stays(loaded: None, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match="never change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["methodprofile", "methodprofileversion", "closurerule"])
def test_the_web_reads_only(table: str) -> None:
    with connection.cursor() as cursor:
        for right in ("INSERT", "UPDATE", "DELETE"):
            cursor.execute(f"SELECT has_table_privilege('pcf_app', 'rules_{table}', '{right}')")
            assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"cut_off_total": Decimal(3)}, "profile_version_shares_are_fractions"),
        ({"recalculation_trigger": Decimal(0)}, "profile_version_shares_are_fractions"),
        ({"allocation_price_ratio": Decimal(1)}, "profile_version_price_ratio_above_one"),
        ({"gwp_horizon": 50}, "profile_version_gwp_is_known"),
        ({"number": 0}, "profile_version_number_from_one"),
    ],
)
def test_the_database_keeps_profiles_sound(loaded: None, change: dict[str, Any], constraint: str) -> None:
    row = version("pact-v3")
    row.pk, row.uuid, row.number = None, uuid4(), 9
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_thresholds_by_basis(loaded: None) -> None:
    rules = queries.closure_rules_in_force(Actor.worker(), TODAY)
    assert {basis: (str(rule.amber), str(rule.red)) for basis, rule in rules.items()} == {
        "mass": ("0.01", "0.03"), "energy": ("0.02", "0.05"), "carbon": ("0.02", "0.05"),
    }  # fmt: skip
    carbon = rules["carbon"]
    assert [carbon.colour(Decimal(gap)) for gap in ("0.02", "-0.021", "0.05", "-0.0501")] == [
        "green", "amber", "amber", "red",
    ]  # fmt: skip


def test_a_further_number_replaces_thresholds(loaded: None) -> None:
    later = {
        "basis": "carbon", "number": "2", "valid_from": "2026-01-01", "amber": "0.01", "red": "0.02",
        "source": "PCR",
    }  # fmt: skip
    load_closure_rules([later])
    rules = queries.closure_rules_in_force(Actor.worker(), TODAY)
    assert len(rules) == 3 and rules["carbon"].number == 2
    with pytest.raises(RuleConflict):
        load_closure_rules([{**later, "red": "0.03"}])
    with pytest.raises(IntegrityError, match="closure_rule_amber_before_red"), transaction.atomic():
        load_closure_rules([{**later, "number": "3", "amber": "0.03"}])


def test_nobody_sees_nothing(loaded: None) -> None:
    assert not queries.method_profiles(Actor.nobody()).exists()
    assert not queries.versions_in_force(Actor.nobody(), TODAY)
    assert not queries.closure_rules(Actor.nobody()).exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everything_has_words(loaded: None, language: str) -> None:
    with override(language):
        rows = compare(queries.versions_in_force(Actor.worker(), TODAY))
    assert len(rows) == len(PARAMETERS)
    assert all(cell.text for row in rows for cell in row.cells)


def test_words_of_pact(loaded: None) -> None:
    with override("en"):
        said = {str(row.label): row.cells[0].text for row in compare([version("pact-v3")])}
    assert said["GWP values"] == "AR6, 100 years"
    assert said["Cut-off"] == "Up to the limits · 3 % in total"
    assert said["Allocation"].endswith("economic value (ratio > 5)")
    assert (said["Valid for"], said["Recalculated when it moves by"]) == ("36 months", "≥ 10 %")


def test_every_page_shows_them(loaded: None, client: Client) -> None:
    client.force_login(new.person(new.company(), new.Role.OWNER))
    client.cookies["django_language"] = "en"
    page = client.get("/methods/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "PACT Methodology version 3" in text
    assert "Unverified" in text
    assert "Flagged above" in text
    for profile in MethodProfile.objects.all():
        shown = client.get(f"/methods/{profile.code}/")
        assert profile.standard in shown.content.decode()
    assert client.get("/methods/nowhere/").status_code == 404


def test_pages_before_anything_was_loaded(db: None, client: Client) -> None:
    client.force_login(new.person(new.company(), new.Role.OWNER))
    client.cookies["django_language"] = "en"
    assert "No methods yet" in client.get("/methods/").content.decode()


def test_strangers_are_sent_to_the_gate(loaded: None, client: Client) -> None:
    for path in ("/methods/", "/methods/pact-v3/"):
        assert client.get(path).status_code == 302
    assert client.get("/api/v1/method-profiles/").status_code == 401
    assert client.get("/api/v1/closure-rules/").status_code == 401


def test_systems_read_them(loaded: None) -> None:
    erp = machine_of(new.company())
    listed = erp.get("method-profiles/?ordering=position").json()["results"]
    assert [row["code"] for row in listed][:2] == ["here", "gb-t-24067-2024"]
    one = erp.get("method-profiles/pact-v3/").json()["versions"][0]
    assert (one["cut_off_total"], one["allocation_price_ratio"]) == ("0.03", "5")
    assert one["facts"]["cut_off_total"]["verified"] is True
    rules = erp.get("closure-rules/?basis=carbon").json()["results"]
    assert [(rule["amber"], rule["red"]) for rule in rules] == [("0.02", "0.05")]
    assert erp.get("method-profiles/nowhere/").status_code == 404
    assert erp.post("method-profiles/", {}).status_code == 405


def test_words_of_lists_are_the_choices() -> None:
    used = {name: {word for row in seed() for word in row["version"][name]} for name in LISTS}
    assert all(used[name] <= set(LISTS[name].values) for name in LISTS)

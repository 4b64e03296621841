"""The gate of a submission asks the category rules: those in force refuse, drafts only tell."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import override

from accounts.actor import Actor
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory import gate
from footprint.inventory.actions import open_submission
from footprint.inventory.gate_words import sentence
from footprint.inventory.models import UnitProcess
from footprint.rules.models import ProductRule
from tests import builders as new
from tests.browsing import ask, browser
from tests.footprint.analysis.test_conformity import plant, publish, rules

pytestmark = pytest.mark.django_db
__all__ = ["rules"]  # the fixture is taken from there


def told(process: UnitProcess, check: str = "rules") -> list[gate.Finding]:
    return [each for each in gate.findings(Actor.worker(), process.inventory) if each.check == check]


def closure(red: str) -> None:
    """Give the draft thresholds of its own for the mass balance."""
    rule = ProductRule.objects.get(category__code="ethylene")
    document: dict[str, Any] = rule.document
    document["closure"] = [
        {"balance": "mass", "amber": red, "red": red, "source": "here", "mark": "decision"}
    ]
    ProductRule.objects.filter(pk=rule.pk).update(document=document)


def test_a_draft_tells_and_refuses_nothing() -> None:
    _made, process = plant(new.company())
    found = told(process)
    assert {each.severity for each in found} == {gate.WARNS}
    assert {each.code for each in found} == {"rule_on_trial"}


def test_a_rule_in_force_refuses_and_names_the_line() -> None:
    _made, process = plant(new.company())
    publish()
    (forbidden,) = [each for each in told(process) if each.words["address"] == "exchange.no-credit"]
    assert (forbidden.severity, forbidden.code) == (gate.BLOCKS, "rule_broken")
    assert forbidden.process == process and forbidden.line and forbidden.line.is_avoided
    record = forbidden.record()
    assert record["line"] == str(forbidden.line.uuid)
    with override("en"):
        assert "breaks the rule for" in sentence(record)
        assert "6.1 Required and forbidden exchanges" in sentence(record)
    with override("zh-hans"):
        assert "6.1 应包括与不应包括的输入输出" in sentence(record)
        assert "no-credit" not in sentence(record), "an address is no word of anybody's language"
    assert record["words"]["said"]["name_zh"] != record["words"]["said"]["name_en"]


def test_the_report_leads_to_the_clause() -> None:
    company = new.company()
    _made, process = plant(company)
    publish()
    owner = new.person(company, Role.OWNER)
    actor = actor_of_user(owner)
    with acting_as(actor):
        submission = open_submission(process.inventory, by=actor)
    page = ask(browser(owner), f"/submissions/{submission.uuid}/")
    links = re.findall(r'href="([^"]*#exchange\.no-credit)"', page)
    assert links == ["/product-rules/ethylene/?version=1&amp;tab=rules#exchange.no-credit"]
    path, _hash, place = links[0].replace("&amp;", "&").partition("#")
    assert f'id="{place}"' in ask(browser(owner), path)


def test_its_own_thresholds_judge_the_balance() -> None:
    """One place for each rule: the platform's are silent where a rule in force has its own."""
    _made, process = plant(new.company())
    assert any(each.process == process and each.words["basis"] == "mass" for each in told(process, "closure"))
    closure("0.9")
    assert any(each.words["basis"] == "mass" for each in told(process, "closure"))  # a draft judges nothing
    publish()
    assert not [each for each in told(process) if each.words["address"] == "closure.mass"]
    assert not [each for each in told(process, "closure") if each.words["basis"] == "mass"]


def test_thresholds_of_its_own_may_be_narrower() -> None:
    _made, process = plant(new.company())
    closure("0.001")
    publish()
    (gap,) = [each for each in told(process) if each.words["address"] == "closure.mass"]
    assert (gap.severity, gap.process) == (gate.BLOCKS, process)

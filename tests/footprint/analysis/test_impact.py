"""How far a version of a factor would reach: own products exactly, others as numbers behind the gate."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.roles import Role
from factors.models import FactorVersion
from footprint.analysis.actions.decide_adoption import decide_adoption
from footprint.analysis.actions.foresee import ask_for_impact, foresee_waiting
from footprint.analysis.impact import about, causes, change_between, own_impact
from footprint.analysis.models import AdoptionDecision, FactorImpact
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.engine.equations import Equations
from footprint.engine.reach import reach
from footprint.engine.solve import solve
from footprint.inventory.models import Exchange, Product
from footprint.rules.models import ProductCategory
from tests import builders as new


@dataclass
class World:
    """Companies that all take power from one factor; the first in a loop of two processes."""

    companies: list[Company]
    old: FactorVersion
    newer: FactorVersion
    steam: Product
    goods: Product

    @property
    def actor(self) -> Actor:
        """The first company's owner."""
        return new.actor(self.companies[0])


@pytest.fixture
def world(db: None) -> World:
    new.gwp()
    old = new.factor_version("0.5")
    newer = new.factor_version("0.4", factor=old.factor)
    companies = [new.company() for _each in range(5)]
    first = new.inventory(new.site(companies[0]))
    boiler, plant = new.process(first), new.process(first)
    steam, goods = new.product(companies[0]), new.product(companies[0])
    new.output(boiler, steam, "100")
    new.output(plant, goods, "50")
    new.takes(boiler, None, "20", "kWh", factor_version=old)
    new.takes(boiler, goods, "1", provider_process=plant)
    new.takes(plant, steam, "30", provider_process=boiler)
    new.takes(plant, None, "10", "kWh", factor_version=old)
    for company in companies[1:]:
        process = new.process(new.inventory(new.site(company)))
        new.output(process, new.product(company), "10")
        new.takes(process, None, "5", "kWh", factor_version=old)
    drain()
    return World(companies, old, newer, steam, goods)


def change(world: World) -> object:
    emissions = list(world.newer.emissions.all())
    return change_between(world.actor, world.old, emissions, "kWh")  # type: ignore[arg-type]


def test_the_preview_is_what_adoption_brings(world: World) -> None:
    foreseen = {
        moved.node.key: moved.after[-1] for moved in own_impact(world.actor, world.old, change(world))
    }  # type: ignore[arg-type]
    assert len(foreseen) == 2
    decide_adoption(world.old, world.newer, by=world.actor, company=world.companies[0], choice="accepted")
    drain()
    stored = Footprint.objects.filter(company=world.companies[0])
    assert {(f.process_id, f.product_id): pytest.approx(f.kg_co2e_ar6) for f in stored} == foreseen
    assert AdoptionDecision.objects.get().lines == 2


def test_the_waterfall_adds_up(world: World) -> None:
    changed = change(world)
    for moved in own_impact(world.actor, world.old, changed):  # type: ignore[arg-type]
        steps = causes(world.actor, world.old, changed, moved.node.key)  # type: ignore[arg-type]
        assert sum(step.change[-1] for step in steps) == pytest.approx(moved.after[-1] - moved.before[-1])
        assert {step.node.code for step in steps} <= {each.node.code for each in steps}


def test_five_groups_are_counted_and_four_are_not(world: World) -> None:
    ask_for_impact(world.old, by=world.actor, new=world.newer)
    assert foresee_waiting() and not foresee_waiting()
    found = FactorImpact.objects.get().found
    assert found == {"products": 5, "inventories": 5, "groups": "5-7"}
    last = Exchange.objects.filter(company=world.companies[4], factor_version=world.old)
    last.update(factor_version=world.newer)
    drain()
    ask_for_impact(world.old, by=world.actor, new=world.newer)
    foresee_waiting()
    assert FactorImpact.objects.latest("pk").found == {"products": None, "inventories": None, "groups": ""}


@pytest.mark.parametrize("stated", ["0.4", "0.5000000000001", "0.500000000000001"])
def test_the_count_says_nothing_of_how_large_others_figures_are(world: World, stated: str) -> None:
    """However little a proposal would move, all that take the factor are counted: no scale to weigh with."""
    proposal = new.factor_proposal(world.companies[0], world.old, stated)
    ask_for_impact(world.old, by=world.actor, proposal=proposal)
    foresee_waiting()
    assert FactorImpact.objects.get().found == {"products": 5, "inventories": 5, "groups": "5-7"}


def test_a_version_that_nobody_uses_reaches_nothing(world: World) -> None:
    ask_for_impact(world.newer, by=world.actor)
    foresee_waiting()
    assert FactorImpact.objects.get().found == {"products": 0, "inventories": 0, "groups": ""}


def test_postponing_needs_a_reason_and_changes_nothing(world: World) -> None:
    ours = world.companies[0]
    with pytest.raises(Refusal):
        decide_adoption(world.old, world.newer, by=world.actor, company=ours, choice="postponed")
    with pytest.raises(NotAllowed):
        decide_adoption(world.old, world.newer, by=world.actor, company=world.companies[1], choice="accepted")
    decide_adoption(
        world.old, world.newer, by=world.actor, company=ours, choice="postponed", reason="after the audit"
    )
    assert Exchange.objects.filter(company=ours, factor_version=world.old).count() == 2


def entered(company: Company, role: Role = Role.OWNER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(new.person(company, role))
    client.cookies["django_language"] = "en"
    return client


def test_the_page_shows_own_products_and_takes_a_decision(world: World) -> None:
    base = f"/factors/{world.old.factor.uuid}/impact/"
    owner = entered(world.companies[0])
    page = owner.get(base, {"old": 1, "new": 2})
    text = page.content.decode()
    assert page.context["count"] == 2 and page.context["chart"].is_drawn
    assert world.goods.code in text and "Nobody has counted yet" in text
    assert owner.post(f"{base}ask/?old=1&new=2").status_code == 302
    foresee_waiting()
    assert (
        "About 5 products of about 5 inventories move"
        in owner.get(base, {"old": 1, "new": 2}).content.decode()
    )
    posted = {"company": str(world.companies[0].uuid), "choice": "accepted"}
    assert owner.post(f"{base}adopt/?old=1&new=2", posted).status_code == 302
    assert AdoptionDecision.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"gas": "CH4"}, "AR6, 100 years"),
        ({"gas": "CO2e"}, "CO2e as published (set not stated)"),
        ({"gas": "CO2e", "gwp_set": "AR5"}, "CO2e as published (AR5)"),
        ({"scope": "co2"}, None),
    ],
)
def test_a_figure_is_not_said_to_be_weighed_with_a_set_it_was_not(
    stated: dict[str, str], said: str | None
) -> None:
    new.gwp(CH4=("28", "27.9"))
    old = new.factor_version("0.6", **stated)
    newer = new.factor_version("0.5", factor=old.factor, **stated)
    text = (
        entered(new.company())
        .get(f"/factors/{old.factor.uuid}/impact/", {"old": old.number, "new": newer.number})
        .content.decode()
    )
    notes = text[text.index("readouts") : text.index("Own products that move")]
    assert notes.count("readout-note") == (2 if said else 0)
    assert said is None or notes.count(said) == 2


def test_the_pages_of_a_proposal_and_of_a_withdrawal_lead_there(world: World) -> None:
    base = f"/factors/{world.old.factor.uuid}"
    FactorVersion.objects.filter(pk=world.newer.pk).update(status="withdrawn")
    proposal = new.factor_proposal(world.companies[0], world.old)
    link = f"{base}/impact/?old=1&amp;proposal={proposal.uuid}"
    owner = entered(world.companies[0])
    for member in (owner, entered(new.company())):
        assert link in member.get(f"/factors/proposals/{proposal.uuid}/").content.decode()
    page = owner.get(unescape(link))
    assert page.context["count"] == 2 and "Proposed figure" in page.content.decode()
    curator = entered(new.company("alliance-office", kind=Company.Kind.ASSOCIATION), Role.CURATOR)
    withdrawal = f"{base}/impact/?old=1"
    assert f'href="{withdrawal}"' in curator.get(f"{base}/?version=1").content.decode()
    assert f'href="{withdrawal}"' not in owner.get(f"{base}/?version=1").content.decode()
    assert "Withdrawn, nothing in its place" in curator.get(withdrawal).content.decode()
    assert owner.get(f"{base}/impact/?old=1&new=2&proposal={proposal.uuid}").status_code == 404


def test_outsiders_see_nothing_of_it(world: World) -> None:
    base = f"/factors/{world.old.factor.uuid}/impact/"
    stranger = entered(new.company())
    page = stranger.get(base, {"old": 1, "new": 2})
    assert page.context["count"] == 0 and world.goods.code not in page.content.decode()
    posted = {"company": str(world.companies[0].uuid), "choice": "accepted"}
    assert stranger.post(f"{base}adopt/?old=1&new=2", posted).status_code == 404
    plant = entered(world.companies[0], Role.PLANT_PROVIDER)
    assert plant.post(f"{base}adopt/?old=1&new=2", posted).status_code == 403
    for path in (base, f"{base}ask/", f"{base}adopt/"):
        assert Client().post(path).status_code in (302, 404)
    for query in ({}, {"old": 9}, {"old": 1, "new": 9}, {"old": 1, "proposal": "x"}):
        assert stranger.get(base, query).status_code == 404


@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_what_is_in_a_product_moves_it_in_proportion(n: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    consumer, supplier = np.nonzero((draw.random((n, n)) < 0.3) & ~np.eye(n, dtype=bool))
    amount = 0.8 / n * draw.random(len(consumer))
    direct = draw.random((n, 1))
    equations = Equations(n, consumer, supplier, amount, direct)
    before = solve(equations).intensity[:, 0]
    direct[0] += 0.7
    after = solve(equations.with_direct(direct)).intensity[:, 0]
    np.testing.assert_allclose(after, before + 0.7 * reach(equations, 0), rtol=1e-9)
    assert reach(equations, 0)[0] >= 1


def test_lineage_runs_from_the_document_to_own_figures(world: World) -> None:
    base = f"/factors/{world.old.factor.uuid}/lineage/"
    page = entered(world.companies[0]).get(base, {"version": 1})
    assert len(page.context["lines"]) == 2 and len(page.context["carried"]) == 2
    assert all(0 < each.share <= 1 + 1e-9 for each in page.context["carried"])
    assert "table 1" in page.content.decode()
    stranger = entered(new.company()).get(base, {"version": 1})
    assert not stranger.context["lines"] and not stranger.context["carried"]
    assert _sorts_drawn(stranger) == ["source", "version"]
    assert entered(new.company()).get(base, {"version": 9}).status_code == 404


def test_a_lineage_is_drawn_from_the_document_to_the_comparison(world: World) -> None:
    category = ProductCategory.objects.create(code="power", name_zh="电", name_en="Power", unit="kWh")
    Product.objects.filter(company=world.companies[0]).update(category=category)
    page = entered(world.companies[0]).get(f"/factors/{world.old.factor.uuid}/lineage/", {"version": 1})
    assert _sorts_drawn(page) == ["source", "version", "line", "product", "category"]
    boxes = {box.thing.key: box for box in page.context["drawing"].boxes}
    assert all(boxes[key].x < box.x for box in boxes.values() for key in box.thing.of)
    assert all(box.thing.of or box.thing.key.startswith("source-") for box in boxes.values())
    for box in boxes.values():
        assert entered(world.companies[0]).get(box.thing.href).status_code == 200, box.thing.href


def _sorts_drawn(page: Any) -> list[str]:
    """What stands in each column of the picture."""
    columns: dict[int, str] = {}
    for box in page.context["drawing"].boxes:
        sort, dash, _rest = box.thing.key.partition("-")
        columns[box.x] = sort if sort in ("source", "line", "product", "category") and dash else "version"
    return [columns[x] for x in sorted(columns)]


def test_whoever_uses_what_was_replaced_is_told(world: World) -> None:
    successor = new.factor_version("0.3", factor=world.old.factor, supersedes=world.old)
    FactorVersion.objects.filter(pk=world.old.pk).update(status="superseded")
    owner = entered(world.companies[0])
    (row,) = owner.get("/factors/adoptions/").context["rows"]
    assert (row.old, row.new, row.lines, row.decision) == (world.old, successor, 2, None)
    decide_adoption(
        world.old, successor, by=world.actor, company=world.companies[0], choice="postponed", reason="later"
    )
    (row,) = owner.get("/factors/adoptions/").context["rows"]
    assert row.decision.reason == "later"
    decide_adoption(world.old, successor, by=world.actor, company=world.companies[0], choice="accepted")
    assert owner.get("/factors/adoptions/").context["rows"] == []
    assert entered(new.company()).get("/factors/adoptions/").context["rows"] == []


@given(st.integers(1, 10**6))
def test_counts_are_told_roughly(count: int) -> None:
    told = about(count)
    assert told >= 5 and (count < 5 or abs(told - count) <= max(2.5, 0.05 * count))
    assert told == about(told)

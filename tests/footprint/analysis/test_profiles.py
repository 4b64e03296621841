"""Figures by method profiles: what counts, by which shares, weighed by what; and why there may be none."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from accounts.visibility import acting_as
from factors.models import GreenhouseGas
from footprint.analysis import queries
from footprint.analysis.gate import cut_off_findings
from footprint.analysis.models import ProfileFigure
from footprint.analysis.words import WORDS, failure_text
from footprint.calculation import ledger
from footprint.calculation.pages import pricing
from footprint.inventory.actions import answer_questions
from footprint.inventory.actions.process import coproducts
from footprint.inventory.gate_words import sentence
from footprint.inventory.models import Exchange, OutputPrice, Product, UnitProcess
from footprint.rules.models import MethodProfileVersion, ProductCategory, ProductRule
from tests import builders as new
from tests.footprint.analysis.chain import Chain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def profiles(chain: Chain) -> None:
    """The built-in ones, and the chain assessed by them."""
    call_command("load_rules", verbosity=0)
    assert MethodProfileVersion.objects.exists()
    ledger.drain()


def by(code: str, product: Product) -> ProfileFigure:
    return ProfileFigure.objects.get(footprint__product=product, profile_version__profile__code=code)


def test_the_default_profile_is_the_figure(chain: Chain, profiles: None) -> None:
    for product in (chain.naphtha, chain.coke, chain.ethylene):
        found = by("here", product)
        assert found.kg_co2e == pytest.approx(chain.footprint(product).kg_co2e_ar6, rel=1e-12)
        assert found.parts == {"fossil": pytest.approx(found.kg_co2e)}
    assert by("here", chain.naphtha).method == "mass"


def test_a_category_rule_in_force_goes_before_the_tree(chain: Chain, profiles: None) -> None:
    """By energy, in its first order, from the day it is published on: 60 x 44 against 40 x 30."""
    naphtha = ProductCategory.objects.get(code="naphtha")
    Product.objects.filter(pk=chain.naphtha.pk).update(category=naphtha)
    ledger.drain()
    assert by("pact-v3", chain.naphtha).method == "mass"
    rows = ProductRule.objects.filter(category=naphtha)
    for state in ("commenting", "reviewing", "voting", "adopted"):
        rows.update(state=state)
    rows.update(state="published", effective_on=timezone.localdate())
    ledger.drain()
    by_energy = pytest.approx(140 * 2640 / 3840 / 60)
    found = by("pact-v3", chain.naphtha)
    assert (found.method, found.kg_co2e) == ("energy", by_energy)
    assert [step["question"] for step in found.walk] == ["several", "frozen"]
    assert found.walk[-1]["evidence"] == {"basis": "energy"}
    assert by("iso-14067-2018", chain.naphtha).kg_co2e == by_energy
    assert by("here", chain.naphtha).method == "mass"
    with acting_as(owner := new.actor(chain.refiner)):
        judged = pricing.of_process(owner, chain.refinery, coproducts(chain.refinery))
        assert (judged.limit, judged.ordered) == (5.0, str(UnitProcess.Allocation.ENERGY.label))
    by_limit = [pricing.judged({2025: (4.5, 1.0)}, 2, limit).years[0].is_economic for limit in (4.0, 5.0)]
    assert by_limit == [True, False]


def test_pact_walks_its_tree_and_says_so(chain: Chain, profiles: None) -> None:
    """Prices of 2 and 1 are no reason for economic allocation; 6 and 1 are."""
    found = by("pact-v3", chain.naphtha)
    assert (found.method, found.kg_co2e) == ("mass", pytest.approx(1.4))
    asked = [step["question"] for step in found.walk]
    assert asked == ["several", "frozen", "subdivision", "substitution", "price_ratio", "physical"]
    OutputPrice.objects.filter(price=2).update(price=Decimal(6))
    ledger.drain()
    found = by("pact-v3", chain.naphtha)
    assert (found.method, found.kg_co2e) == ("economic", pytest.approx(140 * 360 / 400 / 60))
    assert found.walk[-1]["evidence"]["ratio"] == pytest.approx(6)
    assert by("pact-v3", chain.ethylene).kg_co2e == pytest.approx(1 + 2 * 140 * 360 / 400 / 60)
    assert by("here", chain.naphtha).kg_co2e == pytest.approx(1.4)


def test_the_ratio_and_the_order_of_a_tree_are_those_of_its_version(chain: Chain, profiles: None) -> None:
    """Prices of 2 and 1: above one and a half by value; with physical relations first, by mass."""
    version = MethodProfileVersion.objects.get(profile__code="pact-v3")
    for tree, method in (
        (version.allocation_tree, "economic"),
        (["subdivision", "substitution", "physical", "economic_above_ratio", "economic"], "mass"),
    ):
        version.pk, version.uuid, version.number = None, uuid4(), version.number + 1
        version.allocation_tree, version.allocation_price_ratio = tree, Decimal("1.5")
        version.digest = f"{version.number:064x}"
        version.save(force_insert=True)
        ledger.drain()
        found = by("pact-v3", chain.naphtha)
        assert found.method == method
    assert [step["question"] for step in found.walk][-1] == "physical"


def test_pact_goes_by_what_was_answered(chain: Chain, profiles: None) -> None:
    """A recorded relation orders the basis; a recorded no takes a credit away; a yes needs its rows."""
    owner = new.actor(chain.refiner)

    def answer(**answers: dict[str, Any]) -> None:
        answer_questions(chain.refinery, by=owner, at=datetime(2026, 1, 2, tzinfo=UTC), answers=answers)
        ledger.drain()

    no = {"answer": False, "source": "Rule 3"}
    answer(physical={"answer": True, "basis": "energy", "source": "Rule 3"})
    found = by("pact-v3", chain.naphtha)
    assert (found.method, found.kg_co2e) == ("energy", pytest.approx(140 * 2640 / 3840 / 60))
    assert {step["question"] for step in found.walk if step["recorded"]} == {"physical"}
    answer(physical=no)
    assert by("pact-v3", chain.naphtha).method == "economic"
    avoided = new.product(chain.refiner, "tar")
    factor = new.factor_version("0.7", unit="kg")
    credit = new.output(chain.refinery, avoided, "10", is_avoided=True, factor_version=factor)
    answer()
    assert by("pact-v3", chain.naphtha).method == "substitution"
    assert by("pact-v3", chain.naphtha).kg_co2e == pytest.approx(1.33)
    answer(substitution=no)
    found = by("pact-v3", chain.naphtha)
    assert (found.method, found.kg_co2e) == ("mass", pytest.approx(1.4))
    assert found.left_out == [{"what": "credit", "kg_co2e": pytest.approx(-0.07)}]
    answer(substitution={**no, "answer": True})
    assert by("pact-v3", chain.naphtha).method == "substitution"
    credit.delete()
    ledger.drain()
    assert by("pact-v3", chain.naphtha).failure == {"code": "no_credit", "process": chain.refinery.pk}


def test_every_bridge_closes_and_names_its_causes(chain: Chain, profiles: None) -> None:
    """PACT shares by value; the border leaves naphtha out; the rest are other weights of methane."""
    OutputPrice.objects.filter(price=2).update(price=Decimal(6))
    chain.ethylene.category = ProductCategory.objects.filter(hs_code__startswith="2814").first()
    chain.ethylene.save()
    new.emits(chain.cracker, "2", "CH4")
    ledger.drain()
    pact, border = by("pact-v3", chain.ethylene), by("cbam-2025-2547", chain.ethylene)
    here = by("here", chain.ethylene)
    assert here.bridges == []
    seen = set()
    for figure in ProfileFigure.objects.exclude(profile_version__profile__code="here"):
        for bridge in figure.bridges:
            assert bridge["kg_co2e"] + sum(bridge["causes"].values()) == pytest.approx(figure.kg_co2e)
            assert bridge["profile"] == "here"
            seen.add(figure.profile_version.profile.code)
    assert len(seen) > 3
    moved = 2 * (140 * 360 / 400 / 60 - 1.4)
    assert pact.bridges[0]["causes"] == pytest.approx({"method": 0, "allocation": moved, "gwp": 0}, abs=1e-12)
    assert border.bridges[0]["kg_co2e"] == pytest.approx(here.kg_co2e)
    assert border.bridges[0]["causes"]["method"] == pytest.approx(-2.8)
    assert border.bridges[0]["causes"]["allocation"] == 0


def test_a_version_is_explained_against_the_one_before(chain: Chain, profiles: None) -> None:
    new.emits(chain.cracker, "2", "CH4")
    version = MethodProfileVersion.objects.get(profile__code="pact-v3")
    before = version.number
    version.pk, version.uuid, version.number, version.gwp_set = None, uuid4(), before + 1, "AR5"
    version.digest = "f" * 64
    version.save(force_insert=True)
    ledger.drain()
    found = by("pact-v3", chain.ethylene)
    own, earlier = found.bridges
    assert (own["profile"], earlier["profile"], earlier["number"]) == ("here", "pact-v3", before)
    assert earlier["kg_co2e"] == pytest.approx(3.8 + 0.2 * 27.9)
    assert earlier["causes"] == pytest.approx({"method": 0, "allocation": 0, "gwp": 0.2 * 0.1}, abs=1e-12)


@pytest.mark.parametrize("recorded", ["AR5", None])
def test_a_total_of_another_set_counts_as_published_and_is_said_apart(
    chain: Chain, profiles: None, recorded: str | None
) -> None:
    version = new.factor_version("0.3", gas="CO2e", gwp_set=recorded)
    new.takes(chain.refinery, None, "10", "kWh", factor_version=version)
    ledger.drain()
    for code in ("pact-v3", "here"):
        found = by(code, chain.naphtha)
        assert found.kg_co2e == pytest.approx(1.43)
        assert found.parts == {"fossil": pytest.approx(1.43), "as_published": pytest.approx(0.03)}


def test_a_total_of_the_profiles_own_set_needs_no_remark(chain: Chain, profiles: None) -> None:
    version = new.factor_version("0.3", gas="CO2e", gwp_set="AR6")
    new.takes(chain.refinery, None, "10", "kWh", factor_version=version)
    ledger.drain()
    assert by("pact-v3", chain.naphtha).parts == {"fossil": pytest.approx(1.43)}


def test_uptake_makes_two_totals(chain: Chain, profiles: None) -> None:
    """5 kg of biogenic CO2 taken up and 2 given off again per 10 kg of ethylene."""
    new.takes(chain.cracker, None, "5", "kg", gas="CO2", origin="biogenic")
    new.emits(chain.cracker, "2", "CO2", "biogenic")
    ledger.drain()
    found = by("pact-v3", chain.ethylene)
    assert found.kg_co2e == found.excluding_uptake == pytest.approx(3.8)
    assert found.including_uptake == pytest.approx(3.3)
    assert found.parts == {
        "fossil": pytest.approx(3.8),
        "biogenic_uptake": pytest.approx(-0.5),
        "biogenic_release": pytest.approx(0.2),
    }
    for code in ("iso-14067-2018", "gb-t-24067-2024"):
        found = by(code, chain.ethylene)
        assert found.kg_co2e == found.including_uptake == pytest.approx(3.8 + 0.2 - 0.5)
        assert found.excluding_uptake == pytest.approx(4.0)


def test_at_the_border_biomass_counts_as_long_as_no_criteria_are_proved(chain: Chain, profiles: None) -> None:
    Product.objects.filter(pk=chain.ethylene.pk).update(category=ProductCategory.objects.get(code="ammonia"))
    new.takes(chain.cracker, None, "5", "kg", gas="CO2", origin="biogenic")
    new.emits(chain.cracker, "2", "CO2", "biogenic")
    ledger.drain()
    assert by("cbam-2025-2547", chain.ethylene).kg_co2e == pytest.approx(1.0 + 0.2)


def test_the_border_counts_its_goods_without_the_supply_of_fuels(chain: Chain, profiles: None) -> None:
    """Ammonia: own stack, and power because it is a fertiliser; not the naphtha it is made of."""
    ammonia = ProductCategory.objects.get(code="ammonia")
    Product.objects.filter(pk=chain.ethylene.pk).update(category=ammonia)
    factor = new.factor_version("0.5", geography="CN")
    new.takes(chain.cracker, None, "4", "kWh", factor_version=factor)
    ledger.drain()
    found = by("cbam-2025-2547", chain.ethylene)
    assert found.kg_co2e == pytest.approx(1.0 + 0.2)
    assert found.left_out == [{"what": "material", "kg_co2e": pytest.approx(2.8)}]
    assert by("cbam-2025-2547", chain.naphtha).failure == {"code": "out_of_scope"}


def test_at_the_border_a_process_that_gives_heat_too_is_divided_as_recorded(
    chain: Chain, profiles: None
) -> None:
    """Ammonia of 186 MJ beside 14 MJ of steam, which has no mass: no unit in common but heat."""
    ammonia = ProductCategory.objects.get(code="ammonia")
    Product.objects.filter(pk=chain.ethylene.pk).update(category=ammonia, lhv_mj_per_unit="18.6")
    UnitProcess.objects.filter(pk=chain.cracker.pk).update(allocation_method="energy")
    new.output(chain.cracker, new.product(chain.cracker_of, "steam", unit="MJ"), "14")
    ledger.drain()
    found = by("cbam-2025-2547", chain.ethylene)
    assert (found.failure, found.method) == (None, "energy")
    assert found.kg_co2e == pytest.approx(0.93)


def test_cut_offs_are_held_against_the_rule_of_each_profile(chain: Chain, profiles: None) -> None:
    """4 kg beside naphtha's 140 kg: 2.8 % in all, one flow; GB/T lets 1 % of a flow pass, CBAM nothing."""
    assert by("gb-t-24067-2024", chain.naphtha).cut_off == "kept"
    salt = new.product(chain.refiner, "salt")
    left = new.takes(chain.refinery, salt, "1", exempted_kg_co2e=Decimal(4))
    ledger.drain()
    found = by("gb-t-24067-2024", chain.naphtha)
    assert (found.exempted_share, found.largest_exempted) == (pytest.approx(4 / 144), pytest.approx(4 / 144))
    assert (found.cut_off, by("pact-v3", chain.naphtha).cut_off) == ("flow", "kept")
    above = by("pact-v3", chain.ethylene)
    assert (above.exempted_share, above.largest_exempted) == (pytest.approx(0.08 / 3.88), 0.0)
    owner = new.actor(chain.refiner)
    with acting_as(owner), override("en"):
        told = [sentence(each.record()) for each in cut_off_findings(owner, chain.refinery.inventory)]
        assert any("makes 2.8%" in words and "lets 1.0% pass" in words for words in told), told
    Exchange.objects.filter(pk=left.pk).update(exempted_kg_co2e=Decimal(5))
    ledger.drain()
    assert by("pact-v3", chain.naphtha).cut_off == "total"
    Exchange.objects.filter(pk=left.pk).update(exempted_kg_co2e=None)
    ledger.drain()
    assert (by("pact-v3", chain.naphtha).cut_off, by("here", chain.ethylene).cut_off) == ("unknown",) * 2


def test_estimates_follow_the_shares_that_a_profile_orders(chain: Chain, profiles: None) -> None:
    """By value (6 and 1 the tonne) naphtha carries 360 of 400, of what is left out as of the rest."""
    new.takes(chain.refinery, new.product(chain.refiner, "salt"), "1", exempted_kg_co2e=Decimal(4))
    OutputPrice.objects.filter(price=2).update(price=Decimal(6))
    ledger.drain()
    for product in (chain.naphtha, chain.coke):
        found = by("pact-v3", product)
        assert (found.method, found.exempted_share) == ("economic", pytest.approx(4 / 144))
    assert by("pact-v3", chain.ethylene).exempted_share == pytest.approx(
        2 * 4 * 0.9 / 60 / (1 + 2 * 144 * 0.9 / 60)
    )


def test_prices_of_no_whole_year_leave_the_tree_open(chain: Chain, profiles: None) -> None:
    OutputPrice.objects.filter(price=2).update(year=2019)
    ledger.drain()
    found = by("pact-v3", chain.naphtha)
    assert found.failure == {
        "code": "unanswered",
        "question": "price_ratio",
        "process": chain.refinery.pk,
    }


def test_a_gas_the_set_does_not_know(chain: Chain, profiles: None) -> None:
    GreenhouseGas.objects.create(code="R-9", name_zh="R-9", name_en="R-9")
    new.emits(chain.cracker, "1", "R-9")
    ledger.drain()
    assert by("pact-v3", chain.ethylene).failure == {
        "code": "not_characterised",
        "gas": "R-9",
        "wanted": "AR6",
    }
    assert by("here", chain.ethylene).kg_co2e == pytest.approx(3.8)


def test_every_failure_has_its_sentence() -> None:
    for code in WORDS:
        told: dict[str, Any] = {"code": code}
        assert "%" not in failure_text(told)


def test_only_the_owner_reads_them_in_the_order_of_the_profiles(chain: Chain, profiles: None) -> None:
    owner, partner = new.actor(chain.refiner), new.actor(chain.cracker_of)
    footprint = chain.footprint(chain.naphtha)
    with acting_as(owner):
        found = queries.profile_figures(owner, footprint)
        assert [row.profile_version.profile.code for row in found][:2] == ["here", "gb-t-24067-2024"]
    with acting_as(partner):
        assert queries.profile_figures(partner, footprint) == []

"""Embedded emissions by CN code: direct, indirect, and a bridge from the footprint that closes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.queries import actor_for_company
from accounts.roles import Role
from footprint.analysis.models import ProfileFigure
from footprint.analysis.queries import freshness
from footprint.analysis.sql import KIND
from footprint.calculation import ledger
from footprint.calculation.models import RecomputeMark
from footprint.calculation.queries import Freshness
from footprint.engine.disclosure.parts import Part
from footprint.exchange.cbam import goods as border
from footprint.exchange.cbam.communication import Bridge, Good, told
from footprint.exchange.cbam.goods import PROFILE, goods
from footprint.inventory.actions import change_product
from footprint.inventory.models import Product
from tests import builders as new
from tests.footprint.analysis.chain import Chain, chain  # noqa: F401  (a fixture)


def test_five_decimals_at_most_and_no_nought_at_the_end() -> None:
    assert [str(told(value)) for value in (1.2, 2.8500004, 0.123455, 1e-9, 100.0)] == [
        "1.2", "2.85", "0.12346", "0", "1E+2",
    ]  # fmt: skip
    assert told(None) is None


def test_a_bridge_without_a_cause_for_all_of_it_does_not_close() -> None:
    assert Bridge(3.0, {"method": -1.5, "gwp": 0.5}, {}, 2.0).closes
    assert not Bridge(3.0, {"method": -1.5}, {}, 2.0).closes


@pytest.mark.django_db(transaction=True)
def test_ammonia_and_hydrogen_at_the_border(chain: Chain, client: Client) -> None:  # noqa: F811
    """Own stack and power count for a fertiliser; for hydrogen power stands beside the total; no naphtha."""
    call_command("load_rules", verbosity=0)
    grid = new.factor_version("0.5", geography="CN-SD")
    new.takes(chain.cracker, None, "4", "kWh", factor_version=grid)
    owner = actor_for_company(chain.cracker_of)
    change_product(chain.ethylene, by=owner, version=None, cn_code="2814 10 00")
    ledger.drain()
    (ammonia,) = goods(owner)
    assert (ammonia.cn_code, ammonia.failure, ammonia.counts_indirect) == ("28141000", "", True)
    assert (ammonia.direct, ammonia.indirect) == (pytest.approx(1.0), pytest.approx(0.2))
    assert ammonia.bridge is not None
    assert ammonia.bridge.closes
    assert ammonia.bridge.footprint == pytest.approx(chain.footprint(chain.ethylene).kg_co2e_ar6)
    assert ammonia.bridge.left_out == {"material": pytest.approx(2.8)}
    assert ammonia.unverified
    _doors(chain, client, ammonia)
    Product.objects.filter(pk=chain.ethylene.pk).update(cn_code="28041000")
    ledger.drain()
    (hydrogen,) = goods(owner)
    assert (hydrogen.direct, hydrogen.indirect) == (pytest.approx(1.0), pytest.approx(0.2))
    assert (hydrogen.total, hydrogen.counts_indirect) == (pytest.approx(1.0), False)
    Product.objects.filter(pk=chain.ethylene.pk).update(cn_code="29012100")
    ledger.drain()
    assert [good.failure for good in goods(owner)] == ["out_of_scope"]


@pytest.mark.django_db(transaction=True)
def test_the_good_decides_on_the_power_of_everything_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hydrogen of power goes into ammonia, and ammonia into hydrogen again: power is told once, and apart."""
    call_command("load_rules", verbosity=0)
    new.gwp()
    company = new.company()
    inventory, grid = new.inventory(new.site(company)), new.factor_version("0.5", geography="CN")
    hydrogen, ammonia, again = (new.product(company, code) for code in ("hydrogen", "ammonia", "again"))
    electrolysis, synthesis, cracking = (new.process(inventory) for _each in range(3))
    for process, product in ((electrolysis, hydrogen), (synthesis, ammonia), (cracking, again)):
        new.output(process, product, "10", is_reference=True)
    new.takes(electrolysis, None, "500", "kWh", factor_version=grid)
    new.takes(synthesis, hydrogen, "2", provider_process=electrolysis)
    new.takes(synthesis, None, "10", "kWh", factor_version=grid)
    new.emits(synthesis, "3")
    new.takes(cracking, ammonia, "50", provider_process=synthesis)
    for product, code in ((hydrogen, "28041000"), (ammonia, "28141000"), (again, "28041000")):
        Product.objects.filter(pk=product.pk).update(cn_code=code)
    ledger.drain()
    owner = actor_for_company(company)
    found = {good.code: good for good in goods(owner)}
    shown = {code: (good.direct, good.indirect, good.total) for code, good in found.items()}
    assert shown == {
        "hydrogen": pytest.approx((0, 25, 0)),
        "ammonia": pytest.approx((0.3, 0.2 * 25 + 0.5, 5.8)),
        "again": pytest.approx((1.5, 27.5, 1.5)),
    }
    for figure in ProfileFigure.objects.filter(profile_version__profile__code=PROFILE):
        good = found[figure.footprint.product.code]
        assert good.bridge is not None
        assert (good.bridge.closes, good.bridge.at_the_border) == (True, good.total)
        assert sum(figure.causes[part] for part in Part) == pytest.approx(good.total)
    _only_what_is_current(monkeypatch, owner, electrolysis.pk)


def _only_what_is_current(monkeypatch: pytest.MonkeyPatch, owner: Actor, process: int) -> None:
    """A figure whose assessment is due is not told; one is not read before it is known to be current."""
    RecomputeMark.objects.create(kind=KIND, key=process)
    assert [good.failure for good in goods(owner)] == ["pending"] * 3
    RecomputeMark.objects.all().delete()

    def settled_meanwhile(*asked: Any) -> dict[int, Freshness]:
        found = freshness(*asked)
        ProfileFigure.objects.update(kg_co2e=99)
        return found

    monkeypatch.setattr(border, "freshness", settled_meanwhile)
    assert [good.total for good in goods(owner)] == [99] * 3


def _doors(chain: Chain, client: Client, good: Good) -> None:  # noqa: F811
    page, product = reverse("exchange:cbam"), reverse("exchange:cbam_product", args=[chain.ethylene.uuid])
    client.force_login(new.person(chain.cracker_of, Role.OWNER))
    assert "28141000" in client.get(page).content.decode()
    shown = client.get(product).content.decode()
    assert "1.2" in shown
    assert f"cbam-{good.uuid}-2025" in shown
    heads, row = client.get(reverse("exchange:cbam_export")).content.decode("utf-8-sig").splitlines()
    exported = dict(zip(heads.split(","), row.split(","), strict=True))
    assert (exported["direct"], exported["indirect"], exported["total"]) == ("1", "0.2", "1.2")
    assert abs(float(exported["bridge_rest"])) < 1e-9
    client.force_login(new.person(chain.refiner, Role.OWNER))
    assert "28141000" not in client.get(page).content.decode()
    assert client.get(product).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["2814", "281410000", "2814100O", "２８１４１０００"])
def test_a_cn_code_has_eight_digits(wrong: str) -> None:
    product = new.product(new.company())
    with pytest.raises(Refusal) as refused:
        change_product(product, by=actor_for_company(product.company), version=None, cn_code=wrong)
    assert refused.value.code == "not_a_cn_code"
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(cn_code="1234")


def test_decimals_are_exact() -> None:
    assert told(0.1 + 0.2) == Decimal("0.3")

"""Which of two own figures is lower, over REST: to first order, then counted."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.roles import Role
from footprint.analysis.actions.sample import start_run, work
from footprint.calculation import ledger
from footprint.engine.lognormal import probability_below
from footprint.inventory.models import Product
from tests import builders as new
from tests.footprint.analysis.chain import Chain

pytestmark = pytest.mark.django_db(transaction=True)


def address(chain: Chain, product: Product, than: object) -> str:
    return f"/api/v1/footprints/{chain.footprint(product).uuid}/below/?than={than}"


def as_member(company: object) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(new.person(company, Role.OWNER))  # type: ignore[arg-type]
    return client


def test_an_erp_reads_how_sure_it_is_that_one_figure_is_lower(chain: Chain) -> None:
    """141 kg for 100 t of another product, whose stack alone is uncertain: nothing in common."""
    other = new.product(chain.refiner, "other")
    process = new.process(chain.refinery.inventory)
    new.output(process, other, "100")
    new.emits(process, "141")
    ledger.drain()
    client, than = as_member(chain.refiner), chain.footprint(other).uuid
    told = client.get(address(chain, chain.naphtha, than)).json()
    assert (told["than"], told["unit"], told["how"]) == (str(than), "kg", "first_order")
    spread = chain.footprint(chain.naphtha).assessment.gsd2_high
    assert told["probability"] == pytest.approx(probability_below(1.4, 1.41, spread, 1.05), rel=1e-6)
    back = client.get(address(chain, other, chain.footprint(chain.naphtha).uuid)).json()
    assert told["probability"] + back["probability"] == pytest.approx(1.0)
    start_run(by=Actor.worker(), samples=100)
    while work():
        pass
    counted = client.get(address(chain, chain.naphtha, than)).json()
    assert counted["how"] == "samples"
    assert 0.0 < counted["probability"] < 1.0


def test_what_cannot_be_compared_is_refused(chain: Chain) -> None:
    other = new.product(chain.refiner, "power", "kWh")
    process = new.process(chain.refinery.inventory)
    new.output(process, other, "100")
    new.emits(process, "1")
    ledger.drain()
    client = as_member(chain.refiner)
    for than, code in (("", "required"), ("x", "required"), (chain.footprint(other).uuid, "other_unit")):
        answer = client.get(address(chain, chain.naphtha, than))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    theirs = chain.footprint(chain.ethylene).uuid
    assert client.get(address(chain, chain.naphtha, theirs)).status_code == 404
    outsider = as_member(new.company("outsider"))
    assert outsider.get(address(chain, chain.naphtha, theirs)).status_code == 404

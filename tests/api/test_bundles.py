"""The bundle of a product: what leaves, to whom, and that it comes back to the figures that are shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import Source
from footprint.calculation import bundles
from footprint.calculation.bundles import NoBundle, bundle
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.calculation.queries import product_figures
from footprint.engine.bundle import Bundle, unpack
from footprint.engine.replay import replay
from footprint.inventory.actions import Carried, set_cogeneration
from footprint.inventory.models import Exchange, OutputPrice, ProductGrant
from tests import builders as new
from tests.api.conftest import World

pytestmark = pytest.mark.django_db


def written(of: World) -> tuple[bytes, Bundle]:
    content = bundle(new.actor(of.company), of.ethylene).content
    return content, unpack(content)


def test_it_replays_to_the_figure_that_is_shown(world: World) -> None:
    content, told = written(world)
    verdict = replay(content)
    assert verdict.is_same
    assert (verdict.columns, verdict.same_bits) == (1, 1)
    figure = product_figures(new.actor(world.company), [world.ethylene.pk])[world.ethylene.pk][0]
    assert told.manifest["figure"]["co2e"] == {"AR5": repr(figure.ar5), "AR6": repr(figure.ar6)}
    assert told.manifest["title"] == "member ethylene 2025"
    assert told.manifest["period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    footprint = Footprint.objects.get(product=world.ethylene)
    assert told.manifest["created_at"] == footprint.computed_at.isoformat()
    assert told.columns[0]["footprint"] == str(footprint.uuid)


def test_the_same_figure_gives_the_same_bytes(world: World) -> None:
    first, second = (bundle(new.actor(world.company), world.ethylene) for _ in range(2))
    assert first == second
    Exchange.objects.filter(pk=world.made.pk).update(amount=Decimal("501"))
    drain()
    assert bundle(new.actor(world.company), world.ethylene).root != first.root


def test_it_says_what_heat_and_power_were_measured_by(world: World) -> None:
    power = new.output(world.cracker, new.product(world.company, "own-power", "kWh"), "100", "GJ")
    said = [
        Carried(world.made, "heat", "0.9", "120"),
        Carried(power, "power", "0.4"),
    ]
    world.made.product.conversions = {"GJ": "2"}
    world.made.product.save()
    owner = new.actor(world.company)
    set_cogeneration(world.cracker, by=owner, version=None, method="efficiency", carriers=said)
    drain()
    content, told = written(world)
    assert replay(content).is_same
    (column,) = (row for row in told.columns if row["product"]["code"] == "ethylene")
    assert (column["method"], column["ambient_celsius"]) == ("efficiency", None)
    assert column["heat_and_power"] == [
        {
            "line": str(world.made.uuid), "carrier": "heat", "amount": "500", "unit": world.made.unit,
            "reference_efficiency": "0.9", "heat_celsius": "120",
        },
        {
            "line": str(power.uuid), "carrier": "power", "amount": "100", "unit": "GJ",
            "reference_efficiency": "0.4",
        },
    ]  # fmt: skip
    (share,) = {burden["share"] for burden in column["burdens"]}
    assert float(share) == pytest.approx((1000 / 0.9) / (1000 / 0.9 + 100 / 0.4), rel=1e-15)


def test_amounts_leave_digit_for_digit_with_their_line(world: World) -> None:
    _, told = written(world)
    burdens = {burden["line"]: burden for burden in told.columns[0]["burdens"]}
    assert burdens[str(world.feed.uuid)]["taken"] == "900"
    assert burdens[str(world.power.uuid)]["data_type"] == "measured"
    assert told.columns[0]["made"] == "500"
    factor = told.factors[0]
    assert factor["gases"] == [{"gas": "CO2", "origin": "unspecified", "kg": "0.5"}]
    assert factor["source"]["redistribution"] == "yes"


def test_of_a_supplier_only_the_open_total_leaves(world: World) -> None:
    """Nor do prices, another maker's share or the digest of what is behind the total."""
    other = new.process(new.inventory(new.site(world.supplier)), "second refinery")
    new.output(other, world.offered, "3000.125")
    new.emits(other, "5000", unit="t")
    OutputPrice.objects.create(
        company=world.company, exchange=world.made, year=2025, price=Decimal("7654.321")
    )
    drain()
    content, told = written(world)
    assert len(told.suppliers) == 1
    figures = list(Footprint.objects.filter(product=world.offered).order_by("uuid"))
    assert told.suppliers[0]["footprints"] == sorted(str(figure.uuid) for figure in figures)
    mean = (
        figures[0].kg_co2e_ar6 * figures[0].production + figures[1].kg_co2e_ar6 * figures[1].production
    ) / 4000.125
    assert float(told.suppliers[0]["totals"]["AR6"]) == pytest.approx(mean, rel=1e-12)
    text = content.decode("latin-1")
    amounts = ["7654.321", "3000.125"]
    secrets = ["second refinery", "refinery", str(other.uuid), figures[0].input_digest, *amounts]
    assert [secret for secret in secrets if secret in text] == []
    assert replay(content).is_same


@pytest.mark.parametrize("redistribution", ["no", "link-only"])
def test_numbers_that_must_not_be_passed_on_stay(world: World, redistribution: str) -> None:
    secret = new.factor_version("0.987654321")
    Source.objects.filter(pk=secret.source_id).update(redistribution=redistribution)
    new.takes(world.cracker, new.product(world.company, unit="kWh"), "4321.125", factor_version=secret)
    drain()
    content, told = written(world)
    text = content.decode("latin-1")
    assert "0.987654321" not in text
    assert "4321.125" not in text
    assert all(row["withheld"] for row in told.factors)
    assert [row["source"] for row in told.manifest["withheld"]] == ["test"]
    assert {burden["kind"] for burden in told.columns[0]["burdens"]} == {"gas", "link", "total"}
    assert replay(content).is_same


def test_a_supplier_that_closed_its_total_is_what_the_own_figure_leaves_over(world: World) -> None:
    ProductGrant.objects.update(ends_on=date(2020, 1, 1))
    actor = new.actor(world.company)
    with acting_as(actor):
        content = bundle(actor, world.ethylene).content
    row = unpack(content).suppliers[0]
    assert (row["kind"], row["product"]["code"], row["footprints"]) == ("unseen", "", [])
    assert float(row["totals"]["AR6"]) == pytest.approx(400, rel=1e-9)
    assert replay(content).is_same


def test_several_makers_and_years(world: World) -> None:
    second = new.process(new.inventory(new.site(world.company)), "second")
    new.output(second, world.ethylene, "1500")
    new.emits(second, "3000", unit="t")
    old = new.process(new.inventory(new.site(world.company), 2023), "old")
    new.output(old, world.ethylene, "1")
    new.emits(old, "5")
    drain()
    actor = new.actor(world.company)
    _, told = written(world)
    assert len(told.manifest["figure"]["columns"]) == 2
    told = unpack(bundle(actor, world.ethylene, 2023).content)
    assert told.manifest["figure"]["co2e"]["AR6"] == "5.0"
    with pytest.raises(NoBundle) as refused:
        bundle(actor, world.ethylene, 2024)
    assert refused.value.code == "no_figure"


def test_not_while_it_is_pending_or_failed(world: World) -> None:
    actor = new.actor(world.company)
    Exchange.objects.filter(pk=world.made.pk).update(amount=Decimal(0))
    with pytest.raises(NoBundle) as refused:
        bundle(actor, world.ethylene)
    assert refused.value.code == "pending"
    drain()
    with override("en"), pytest.raises(NoBundle, match="no product with an amount above zero") as refused:
        bundle(actor, world.ethylene)
    assert refused.value.code == "failed"


def test_what_a_replay_does_not_give_is_not_handed_out(world: World) -> None:
    footprint = Footprint.objects.get(product=world.ethylene)
    Footprint.objects.filter(pk=footprint.pk).update(kg_co2e_ar6=footprint.kg_co2e_ar6 * (1 + 1e-7))
    with pytest.raises(NoBundle) as refused:
        bundle(new.actor(world.company), world.ethylene)
    assert refused.value.code == "not_reproduced"


def test_what_was_never_recorded_is_not_handed_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = bundles.own_network(new.actor(new.company()))
    monkeypatch.setattr(bundles, "own_network", lambda *args, **more: nothing)
    with pytest.raises(NoBundle) as refused:
        bundle(new.actor(world.company), world.ethylene)
    assert refused.value.code == "no_history"


def test_over_rest_for_its_owner_alone(world: World) -> None:
    path = f"products/{world.ethylene.uuid}/bundle/"
    answer = world.erp.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "member-ethylene-2025.bundle.zip" in answer["Content-Disposition"]
    assert answer["ETag"] == f'"{unpack(answer.content).root}"'
    assert world.erp.get(f"{path}?year=2025").content == answer.content
    assert world.erp.get(f"{path}?year=2019").json()["errors"][0]["code"] == "no_figure"
    assert world.erp.get(f"{path}?year=2019").status_code == 409
    assert world.erp.get(f"{path}?year=last").status_code == 400
    assert world.erp.get(f"{path}?yaer=2025").status_code == 400
    # a product that a partner opened shows its total, never what is behind
    assert world.erp.get(f"products/{world.offered.uuid}/").status_code == 200
    assert world.erp.get(f"products/{world.offered.uuid}/bundle/").status_code == 404
    Exchange.objects.filter(pk=world.made.pk).update(amount=Decimal("501"))
    pending = world.erp.get(path)
    assert pending.status_code == 409
    assert pending.json()["errors"][0]["code"] == "pending"
    assert Client().get(f"/api/v1/{path}").status_code == 401


def browser(of: Company) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(new.person(of, Role.OWNER))
    client.cookies["django_language"] = "en"
    return client


def test_from_the_page_for_its_owner_alone(world: World) -> None:
    owner, page = browser(world.company), f"/products/{world.ethylene.uuid}/"
    assert f"{page}bundle/?year=2025" in owner.get(page).content.decode()
    answer = owner.get(f"{page}bundle/?year=2025")
    assert replay(answer.content).is_same
    assert owner.post(f"{page}bundle/").status_code == 405
    refused = owner.get(f"{page}bundle/?year=2019", follow=True)
    assert "This product has no footprint for that year." in refused.content.decode()
    opened = f"/products/{world.offered.uuid}/"
    assert f"{opened}bundle/" not in owner.get(opened).content.decode()
    assert owner.get(f"{opened}bundle/").status_code == 404
    assert browser(world.supplier).get(f"{page}bundle/").status_code == 404
    Exchange.objects.filter(pk=world.made.pk).update(amount=Decimal("501"))
    assert f"{page}bundle/" not in owner.get(page).content.decode()


def run(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def test_from_the_command_line_and_back(world: World, tmp_path: Path) -> None:
    path = tmp_path / "ethylene.zip"
    said = run("export_bundle", "--company", "member", "--product", "ethylene", "-o", str(path))
    assert unpack(path.read_bytes()).root in said
    assert "THE SAME FIGURES" in run("replay", str(path))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="refused") as refused:
        run("replay", str(path))
    assert refused.value.returncode == 2
    for company, product, why in (
        ("nobody", "ethylene", "no company"),
        ("member", "naphtha-out", "no product"),
        ("member", "naphtha", "no footprint"),
    ):
        with pytest.raises(CommandError, match=why):
            run("export_bundle", "--company", company, "--product", product, "-o", str(path))
    with pytest.raises(CommandError, match="missing"):
        missing = str(tmp_path / "missing" / "x.zip")
        run("export_bundle", "--company", "member", "--product", "ethylene", "-o", missing)

"""Rows against rules: rules are asked about what plants entered, and nobody else's counts leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from factors.models import GreenhouseGas
from footprint.analysis.actions.try_rule import FEW, ask_for_trial, clouded, try_waiting
from footprint.analysis.conformity import conformity_of_product, own_inventories
from footprint.calculation.ledger import drain
from footprint.inventory.actions import add_exchange
from footprint.inventory.models import Inventory, Product, UnitProcess
from footprint.rules.actions.drafts import built_in, load_product_rules
from footprint.rules.actions.publishing import load_closure_rules, load_profiles
from footprint.rules.actions.seeding import load_categories
from footprint.rules.models import ProductCategory, ProductRule
from tests import builders as new
from tests.browsing import ask, browser

pytestmark = pytest.mark.django_db
CODES = ("ethylene", "urea")


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    load_categories()
    load_profiles()
    load_closure_rules()
    load_product_rules({code: built_in()[code] for code in CODES})
    new.gwp()
    for gas in ("CH4", "N2O"):
        GreenhouseGas.objects.get_or_create(code=gas, defaults={"name_zh": gas, "name_en": gas})
    with translation.override("en"):
        yield


def signed_in(person: User) -> Client:
    client = Client()
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    client.force_login(person)
    return client


def of(company: Company, category: str, code: str = "", **more: Any) -> Product:
    category_row = ProductCategory.objects.get(code=category)
    return new.product(company, code or f"{category}-of-{company.code}", category=category_row, **more)


def plant(company: Company, method: str = "mass") -> tuple[Product, UnitProcess]:
    """A cracker whose naphtha nobody provides, and which has a credit."""
    process = new.process(new.inventory(new.site(company)), method=method)
    made = of(company, "ethylene")
    new.output(process, made, "100", is_reference=True)
    new.output(process, new.product(company), "50")
    new.takes(process, of(company, "naphtha"), "160")
    new.takes(process, new.product(company, unit="kWh"), "10", factor_version=new.factor_version("0.5"))
    new.output(process, new.product(company), "1", is_avoided=True)
    new.emits(process, "20")
    drain()
    return made, process


def tried(rule: ProductRule, by: Actor) -> Any:
    """Asked for at the web, run by the worker."""
    ask_for_trial(rule, by=by)
    assert rule.awaits_trial and not rule.is_tried
    assert try_waiting() and not try_waiting()
    rule.refresh_from_db()
    assert rule.is_tried
    return rule.trial


def publish(code: str = "ethylene") -> ProductRule:
    """In force without a vote: the way there is tested elsewhere."""
    rows = ProductRule.objects.filter(category__code=code)
    for state in ("commenting", "reviewing", "voting", "adopted"):
        rows.update(state=state)
    rows.update(state="published", effective_on=timezone.localdate())
    return rows.get()


def test_rows_are_asked_line_by_line() -> None:
    made, process = plant(new.company())
    (found,) = conformity_of_product(Actor.worker(), made, timezone.localdate())
    told = {(each.code, each.address, found.lines[each.line].product_id if each.line else None)
            for each in found.findings}  # fmt: skip
    lines = list(process.exchanges.order_by("pk"))
    assert ("forbidden", "exchange.no-credit", lines[4].product_id) in told
    assert ("cut_off_flow", "cut_off", lines[2].product_id) in told
    assert {code for code, _address, _line in told} <= {
        "forbidden", "cut_off_flow", "cut_off_total", "old_factor", "gas_not_covered", "gap",
        "footprint_low",
    }  # fmt: skip
    assert found.is_trial and not found.passes
    publish()
    (found,) = conformity_of_product(Actor.worker(), made, timezone.localdate())
    assert not found.is_trial


def test_a_deviation_from_the_order_is_found() -> None:
    made, _process = plant(new.company(), "economic")
    (found,) = conformity_of_product(Actor.worker(), made, timezone.localdate())
    (deviation,) = [each for each in found.findings if each.code == "deviation"]
    assert dict(deviation.figures) == {"method": "economic", "ordered": "mass"}


def test_a_band_is_asked_in_the_units_of_the_rule() -> None:
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    urea = of(company, "urea", unit="t")
    new.output(process, urea, "2", is_reference=True)
    new.takes(process, of(company, "ammonia"), "1000", "kg")
    (found,) = conformity_of_product(Actor.worker(), urea, timezone.localdate())
    (low,) = [each for each in found.findings if each.code == "input_low"]
    assert (low.figures["figure"], low.figures["low"]) == ("0.5", "0.567")


def test_a_rule_in_force_orders_the_method_of_a_new_process() -> None:
    company = new.company()
    owner = new.actor(company)
    ethylene, other = of(company, "ethylene"), new.product(company)

    def process_with(**more: Any) -> UnitProcess:
        found = new.process(new.inventory(new.site(company)), **more)
        for each, is_main in ((ethylene, True), (other, False)):
            add_exchange(
                found, by=owner, direction="output", kind="product", product=each, amount="1", unit="kg",
                is_reference=is_main,
            )  # fmt: skip
        found.refresh_from_db()
        return found

    assert process_with().allocation_method == "none", "a draft orders nothing"
    publish()
    assert process_with().allocation_method == "mass"
    assert process_with(method="economic").allocation_method == "economic", "chosen by somebody"
    other.unit, other.conversions = "kWh", {}
    other.save()
    assert new.process(new.inventory(new.site(company))).allocation_method == "none"


def test_a_trial_tells_nothing_below_five_groups() -> None:
    steward = new.actor(new.company(kind=Company.Kind.ASSOCIATION), Role.STEWARD)
    rule = ProductRule.objects.get(category__code="ethylene")
    for _group in range(4):
        plant(new.company())
    assert tried(rule, steward) == {
        "digest": rule.digest, "at": rule.trial["at"], "is_hidden": True, "is_few": False,
    }  # fmt: skip
    plant(new.company())
    trial = tried(rule, steward)
    assert (trial["groups"], trial["products"], trial["failed"]) == (5, 5, 5)
    assert trial["rules"]["exchange.no-credit"] == {"broken": 5, "asked": 0, "is_idle": False}
    assert trial["rules"]["exchange.feed"] == {"broken": 0, "asked": 0, "is_idle": False}
    assert trial["rules"]["allocation.mass"]["is_idle"] is False


def test_a_trial_on_fewer_than_three_plants_says_so_and_passes() -> None:
    """The guard of the vote asks for a trial on all there are, and there may be none."""
    steward = new.person(new.company(kind=Company.Kind.ASSOCIATION), Role.STEWARD)
    rule = ProductRule.objects.get(category__code="ethylene")
    plant(new.company())
    said = "不足三套"
    for is_few in (True, True, False):
        trial = tried(rule, actor_of_user(steward))
        assert (trial["is_few"], rule.is_tried) == (is_few, True)
        page = ask(browser(steward, "zh-hans"), "/product-rules/ethylene/?tab=making")
        assert (said in page) is is_few
        plant(new.company())


def test_few_are_told_apart_from_none_alone() -> None:
    assert [clouded(count) for count in range(5)] == [0, FEW, FEW, 3, 4]


def test_pages_and_interface_show_it_to_the_owner_alone() -> None:
    company, stranger = new.company(), new.company()
    made, process = plant(company)
    pages = {
        f"/products/{made.uuid}/conformity/": "exchange.no-credit",
        f"/processes/{process.uuid}/conformity/": "exchange.no-credit",
        "/conformity/": "On trial",
    }
    for who, may in ((company, True), (stranger, False)):
        client = signed_in(new.person(who, Role.OWNER))
        for address, words in pages.items():
            answer = client.get(address)
            assert (words in answer.content.decode()) is may, address
            assert answer.status_code == (200 if may or address == "/conformity/" else 404)
    assert list(own_inventories(actor_of_user(new.person(stranger, Role.OWNER)))) == []


def test_pages_of_a_rule() -> None:
    client = signed_in(new.person(new.company(), Role.OWNER))
    assert "Ethylene" in client.get("/product-rules/").content.decode()
    for tab in ("text", "rules", "changes", "comments", "making"):
        assert client.get(f"/product-rules/ethylene/?tab={tab}").status_code == 200
    assert client.get("/product-rules/ethylene/?tab=else").status_code == 404
    assert client.get("/product-rules/ethylene/?version=7").status_code == 404
    assert client.get("/product-rules/tea/").status_code == 404
    file = client.get("/product-rules/ethylene/text.txt").content.decode()
    assert "5.2 System boundary" in file and "exchange.no-credit" in file


def test_the_editor_keeps_what_is_there_and_says_what_is_wrong() -> None:
    steward = new.person(new.company(kind=Company.Kind.ASSOCIATION), Role.STEWARD)
    client = signed_in(steward)
    page = client.get("/product-rules/ethylene/edit/")
    assert page.status_code == 200
    before = ProductRule.objects.get(category__code="ethylene")
    filled = _filled(page.context["editor"]) | {"version": str(before.version)}
    saved = client.post("/product-rules/ethylene/edit/", filled)
    assert saved.status_code == 302, [form.errors for form in saved.context["editor"].every]
    same = ProductRule.objects.get(pk=before.pk)
    assert same.document == before.document
    assert same.digest == before.digest
    stale = client.post("/product-rules/ethylene/edit/", filled)
    assert stale.status_code == 409
    wrong = filled | {"version": str(same.version), "cut_off-total": "7", "general-unit": "cup"}
    answer = client.post("/product-rules/ethylene/edit/", wrong)
    assert answer.status_code == 422
    assert answer.context["editor"].single["cut_off"].errors.keys() == {"total"}
    assert answer.context["editor"].general.errors.keys() == {"unit"}
    row = len(before.document["bands"])
    added = filled | {
        "version": str(same.version), f"bands-{row}-code": "range", f"bands-{row}-high": "9",
        f"bands-{row}-unit": "kg CO2e/kg", f"bands-{row}-measured": "footprint",
        f"bands-{row}-source": "here",
        f"bands-{row}-mark": "decision", "exchanges-0-remove": "on",
    }  # fmt: skip
    assert client.post("/product-rules/ethylene/edit/", added).status_code == 302
    changed = ProductRule.objects.get(pk=before.pk).document
    assert changed["bands"][-1]["high"] == "9" and changed["bands"][-1]["low"] is None
    assert changed["exchanges"] == before.document["exchanges"][1:]


def _filled(editor: Any) -> dict[str, Any]:
    """What a browser would send back untouched."""
    sent: dict[str, Any] = {}
    for form in editor.every:
        for name, field in form.fields.items():
            value = form.get_initial_for_field(field, name)
            key = form.add_prefix(name)
            if name == "methods":
                sent |= {f"{key}_{at}": each for at, each in enumerate(value or [])}
            elif value not in (None, False):
                sent[key] = "on" if value is True else value
            elif hasattr(field, "choices") and name not in ("any_of", "methods"):
                sent[key] = next((code for code, _words in field.choices), "")
    return sent


def test_the_export_has_every_page_and_only_ones_own() -> None:
    company = new.company("exporting")
    for _each in range(6):
        process = new.process(new.inventory(new.site(company)))
        new.output(process, of(company, "ethylene", f"ethylene-{process.pk}"), "1")
    plant(new.company("rival"))
    owner = signed_in(new.person(company, Role.OWNER))
    heads, *rows = content(owner, "/conformity/export/").decode("utf-8-sig").splitlines()
    assert heads.startswith("site,site_name,year,product") and len(rows) == 6
    assert not any("rival" in row for row in rows)
    page = owner.get("/conformity/?page=2").content.decode()
    assert page.count("data-export=") == 1 and "/conformity/export/?format=xlsx" in page
    assert content(owner, "/conformity/export/?format=xlsx").startswith(b"PK")
    for own in Inventory.objects.filter(company=company):
        table = content(owner, f"/conformity/?table={own.uuid}&format=csv").decode("utf-8-sig")
        assert len(table.splitlines()) == 2, "whatever page it is on"


def content(who: Client, path: str) -> bytes:
    answer: Any = who.get(path)
    return bytes(answer.getvalue())

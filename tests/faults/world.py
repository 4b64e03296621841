"""A small alliance for fault storms: loops, co-products, links between companies, a benchmark cell."""

from __future__ import annotations

from footprint.benchmark.models import Definition, Participation
from footprint.inventory.models import Inventory, Product, UnitProcess
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import profile

COMPANIES = 7
STEPS = 6


def build() -> None:
    """Seven groups, each with a utility loop and a chain of steps, each selling to the next."""
    new.gwp(CH4=("28", "27.9"))
    category = ProductCategory.objects.create(code="product", name_zh="产品", name_en="Product", unit="kg")
    grid = new.factor_version("0.58")
    sold: Product | None = None
    for number in range(COMPANIES):
        company = new.company(f"storm-{number}")
        inventory = new.inventory(new.site(company))
        steam, power = new.product(company, "steam"), new.product(company, "power")
        boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
        new.output(boiler, steam, "100")
        new.output(turbine, power, "100")
        new.emits(boiler, "250")
        new.emits(turbine, "1", "CH4")
        new.takes(boiler, power, "5", provider_process=turbine)
        new.takes(turbine, steam, "40", provider_process=boiler)
        before: tuple[Product, UnitProcess] = (steam, boiler)
        for step in range(STEPS):
            made, beside = new.product(company, f"made-{step}"), new.product(company, f"beside-{step}")
            process = new.process(inventory, f"step-{step}", method="mass")
            new.output(process, made, "80")
            new.output(process, beside, "20")
            new.emits(process, "30")
            new.takes(process, before[0], "90", provider_process=before[1])
            new.takes(process, power, "10", provider_process=turbine)
            new.takes(process, None, "12", "kWh", factor_version=grid)
            if step == 0 and sold is not None:
                new.grant(sold, company)
                new.takes(process, new.product(company, "bought"), "15", "kg", provider_product=sold)
            before = (made, process)
        Product.objects.filter(pk=before[0].pk).update(category=category)
        Participation.objects.create(company=company, product=before[0])
        sold = before[0]
    year = Inventory.objects.latest("period_end").period_end.year
    Definition.objects.create(
        category=category, profile_version=profile(), year=year, purpose="-", necessity="-"
    )

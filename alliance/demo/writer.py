"""Writes the description into the database, in bulk; the only module of the demo that knows tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from oauth2_provider.models import Application

from accounts.models import ClientSecret, Company, CompanyGroup, Membership, ServiceClient, Site, User
from alliance.demo import directory, quality
from alliance.demo.balance import seller_of, settle_alliance
from alliance.demo.description import YEARS, goods, recipes
from alliance.demo.inventory import (
    FactorOfYear,
    Line,
    MemberProduct,
    OwnProcess,
    ProcessLines,
    ProductLine,
    SiteInventory,
)
from alliance.demo.lines import SiteLines
from alliance.demo.plants import Plant
from alliance.demo.sites import PLANTS
from factors.models import FactorVersion
from factors.origins import Origin
from footprint.inventory.models import (
    PEDIGREE,
    AllocationShare,
    Exchange,
    Inventory,
    OutputPrice,
    Product,
    ProductGrant,
    UnitProcess,
)
from footprint.rules.models import ProductCategory

BATCH = 2000
GRID_LAG = 2  # provincial factors are announced two years after the year they describe


class MissingVersion(LookupError):
    """A factor that the description relies on is not in the database."""


@dataclass
class Written:
    """What stands in the database, by the codes of the description."""

    companies: dict[str, Company] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    products: dict[tuple[str, str], Product] = field(default_factory=dict)
    processes: dict[tuple[str, int, str], UnitProcess] = field(default_factory=dict)
    versions: dict[tuple[str, int], FactorVersion] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def inventories() -> list[SiteInventory]:
    """Every site's two years, ready to be written."""
    found = []
    for year in YEARS:
        for code, settled in settle_alliance(year).items():
            found.append(SiteLines(settled, _grid(PLANTS[code], code, year)).inventory())
    return found


def _grid(plant: Plant, site: str, year: int) -> FactorOfYear:
    """The national life-cycle factor, or the province's direct CO2 where a site chose that."""
    if plant.province_grid:
        province = directory.sites()[site].province.removeprefix("CN-").lower()
        return FactorOfYear(f"grid-cn-{province}-average", year - GRID_LAG)
    return FactorOfYear("electricity-cn-footprint-average", year - 1)


def write() -> Written:
    """Everything, in the caller's transaction."""
    written = Written()
    described = inventories()
    _write_companies(written)
    _write_people(written)
    _write_clients(written)
    _write_products(written, described)
    _read_versions(written, described)
    _write_processes(written, described)
    _write_exchanges(written, described)
    _write_grants(written, described)
    return written


def _write_companies(written: Written) -> None:
    groups = {
        group.code: group
        for group in CompanyGroup.objects.bulk_create(
            CompanyGroup(code=code, name_zh=zh, name_en=en) for code, (zh, en) in directory.groups().items()
        )
    }
    companies = Company.objects.bulk_create(
        Company(
            code=company.code,
            group=groups[company.group],
            kind=company.kind,
            name_zh=company.name_zh,
            name_en=company.name_en,
            is_demonstration=True,
        )
        for company in directory.companies().values()
    )
    written.companies = {company.code: company for company in companies}
    sites = Site.objects.bulk_create(
        Site(
            company=written.companies[site.company],
            code=site.code,
            name_zh=site.name_zh,
            name_en=site.name_en,
            province=site.province,
        )
        for site in directory.sites().values()
    )
    written.sites = {site.code: site for site in sites}
    written.counts |= {"company groups": len(groups), "companies": len(companies), "sites": len(sites)}


def _write_people(written: Written) -> None:
    hashed = make_password(directory.PASSPHRASE)  # hashed once: every demo login shares it
    described = directory.people()
    users = User.objects.bulk_create(
        User(email=person.email, name=person.name, locale=person.locale, password=hashed)
        for person in described
    )
    memberships = Membership.objects.bulk_create(
        Membership(user=user, company=written.companies[person.company], role=person.role)
        for user, person in zip(users, described, strict=True)
    )
    link = Membership.sites.through
    link.objects.bulk_create(
        link(membership_id=membership.pk, site_id=written.sites[site].pk)
        for membership, person in zip(memberships, described, strict=True)
        for site in person.sites
    )
    written.counts["people"] = len(users)


def _write_clients(written: Written) -> None:
    described = directory.clients()
    for client in described:
        company = written.companies[client.company]
        application = Application.objects.create(
            name=f"{company.name_en} ERP",
            client_id=client.client_id,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        )
        made = ServiceClient.objects.create(company=company, application=application, name=application.name)
        secret = client.client_secret
        ClientSecret.objects.create(client=made, slot=1, hashed=make_password(secret), hint=secret[-4:])
    written.counts["service clients"] = len(described)


def _write_products(written: Written, described: list[SiteInventory]) -> None:
    categories = {category.code: category for category in ProductCategory.objects.all()}
    wanted: dict[tuple[str, str], Product] = {}
    for inventory in described:
        company = directory.sites()[inventory.site].company
        for line in inventory.products:
            wanted.setdefault(
                (company, line.code), _own_product(written.companies[company], line, categories)
            )
        for exchange in _lines(inventory):
            code = _input_code(exchange, company)
            if exchange.product and (company, code) not in wanted:
                wanted[company, code] = _bought_product(written.companies[company], code, exchange.flow)
    products = Product.objects.bulk_create(wanted.values(), batch_size=BATCH)
    written.products = dict(zip(wanted, products, strict=True))
    written.counts["products"] = len(products)


def _own_product(company: Company, line: ProductLine, categories: dict[str, ProductCategory]) -> Product:
    good, site = goods()[line.flow], directory.sites()[line.site]
    maker = recipes()[line.maker] if line.maker and not line.is_waste else None
    zh = (
        f"{good.name_zh}（{maker.name_zh}，{site.short_zh}）"
        if maker
        else f"{good.name_zh}（{site.short_zh}）"
    )
    en = (
        f"{good.name_en} ({maker.name_en}, {site.short_en})" if maker else f"{good.name_en} ({site.short_en})"
    )
    is_key = bool(good.category) and not line.is_network and not line.is_waste
    return Product(
        company=company,
        code=line.code,
        name_zh=zh,
        name_en=en,
        category=categories[good.category] if is_key else None,
        kind=Product.Kind.WASTE if line.is_waste else Product.Kind.PRODUCT,
        **_physical(line.flow),
    )


def _bought_product(company: Company, code: str, flow: str) -> Product:
    good = goods()[flow]
    return Product(company=company, code=code, name_zh=good.name_zh, name_en=good.name_en, **_physical(flow))


def _physical(flow: str) -> dict[str, Any]:
    good = goods()[flow]
    return {
        "unit": good.unit,
        "lhv_mj_per_unit": None if good.lhv_mj is None else str(good.lhv_mj),
        "carbon_fraction": good.carbon or None,
        "hydrogen_fraction": good.hydrogen or None,
        "biogenic_carbon_fraction": "0" if good.carbon else None,
        "molar_mass_g_per_mol": good.molar_mass or None,
        "cn_code": good.cn_code,
        "conversions": {"kg": f"{good.kg_per_unit:g}"} if good.unit == "Nm3" else {},
    }


def _input_code(line: Line, company: str) -> str:
    """The company's own product code of a line; what is bought from others stands under the good's code."""
    if not isinstance(line.provider, MemberProduct):
        return line.product
    own = directory.sites()[seller_of(line.provider.product)].company == company
    return line.product if own else line.flow


def _lines(inventory: SiteInventory) -> Iterable[Line]:
    return (line for process in inventory.processes for line in process.lines)


def _read_versions(written: Written, described: list[SiteInventory]) -> None:
    wanted = {
        line.provider
        for inventory in described
        for line in _lines(inventory)
        if isinstance(line.provider, FactorOfYear)
    }
    versions = FactorVersion.objects.filter(
        factor__code__in={factor.code for factor in wanted}, status=FactorVersion.Status.PUBLISHED
    ).select_related("factor")
    for version in versions.order_by("number"):
        written.versions[version.factor.code, version.reference_year] = version
    missing = [factor for factor in wanted if (factor.code, factor.year) not in written.versions]
    if missing:
        raise MissingVersion(f"no published version of {missing[0].code} for {missing[0].year}")


def _write_processes(written: Written, described: list[SiteInventory]) -> None:
    stored = Inventory.objects.bulk_create(
        Inventory(
            company=written.sites[inventory.site].company,
            site=written.sites[inventory.site],
            title=f"{written.sites[inventory.site].name_zh} {inventory.year}",
            period_start=date(inventory.year, 1, 1),
            period_end=date(inventory.year, 12, 31),
        )
        for inventory in described
    )
    wanted = [
        (inventory, row, process)
        for inventory, row in zip(described, stored, strict=True)
        for process in inventory.processes
    ]
    processes = UnitProcess.objects.bulk_create(
        [_unit_process(row, process) for _inventory, row, process in wanted], batch_size=BATCH
    )
    for (inventory, _row, process), unit in zip(wanted, processes, strict=True):
        written.processes[inventory.site, inventory.year, process.recipe] = unit
    written.counts |= {"inventories": len(stored), "unit processes": len(processes)}


def _unit_process(inventory: Inventory, process: ProcessLines) -> UnitProcess:
    recipe = recipes()[process.recipe]
    return UnitProcess(
        company_id=inventory.company_id,
        inventory=inventory,
        code=recipe.code,
        name_zh=recipe.name_zh,
        name_en=recipe.name_en,
        technology=recipe.technology,
        allocation_method=process.allocation,
        mass_loss_kg=process.mass_loss_kg,
        energy_loss_mj=process.energy_loss_mj,
        balance_comment=process.balance_comment,
    )


def _write_exchanges(written: Written, described: list[SiteInventory]) -> None:
    exchanges: list[Exchange] = []
    priced: list[tuple[Exchange, int, Decimal]] = []
    shares: list[AllocationShare] = []
    for inventory in described:
        for process in inventory.processes:
            unit = written.processes[inventory.site, inventory.year, process.recipe]
            for position, line in enumerate(process.lines, 1):
                exchange = _exchange(written, inventory, unit, position, line)
                exchanges.append(exchange)
                priced += [(exchange, year, price) for year, price in line.prices]
            shares += _shares(written, inventory, unit, process)
    Exchange.objects.bulk_create(exchanges, batch_size=BATCH)
    AllocationShare.objects.bulk_create(shares, batch_size=BATCH)
    OutputPrice.objects.bulk_create(
        (
            OutputPrice(company_id=exchange.company_id, exchange=exchange, year=year, price=price)
            for exchange, year, price in priced
        ),
        batch_size=BATCH,
    )
    written.counts["exchanges"] = len(exchanges)


def _exchange(
    written: Written, inventory: SiteInventory, unit: UnitProcess, position: int, line: Line
) -> Exchange:
    company = directory.sites()[inventory.site].company
    gas = line.flow if line.kind == "elementary" else ""
    return Exchange(
        company_id=unit.company_id,
        process=unit,
        position=position,
        direction=line.direction,
        kind=line.kind,
        product=written.products[company, _input_code(line, company)] if line.product else None,
        gas=gas,
        origin=Origin.FOSSIL if gas in ("CO2", "CH4") else Origin.UNSPECIFIED,
        compartment="air" if gas else "",
        amount=line.amount,
        unit=line.unit,
        is_reference=line.is_reference,
        data_type=line.quality,
        comment=line.comment,
        gsd2=quality.gsd2(line),
        **dict(zip(PEDIGREE, quality.pedigree(line), strict=True)),
        **_provider(written, inventory, line),
    )


def _provider(written: Written, inventory: SiteInventory, line: Line) -> dict[str, Any]:
    match line.provider:
        case OwnProcess(recipe):
            return {"provider_process": written.processes[inventory.site, inventory.year, recipe]}
        case MemberProduct(product):
            seller = directory.sites()[seller_of(product)].company
            return {"provider_product": written.products[seller, product]}
        case FactorOfYear(code, year):
            return {"factor_version": written.versions[code, year]}
    return {}


def _shares(
    written: Written, inventory: SiteInventory, unit: UnitProcess, process: ProcessLines
) -> list[AllocationShare]:
    company = directory.sites()[inventory.site].company
    return [
        AllocationShare(
            company_id=unit.company_id, process=unit, product=written.products[company, product], share=share
        )
        for product, share in process.shares
    ]


def _write_grants(written: Written, described: list[SiteInventory]) -> None:
    """Whoever links to another company's product was let in by its owner."""
    wanted: dict[tuple[str, str, str], None] = {}
    for inventory in described:
        buyer = directory.sites()[inventory.site].company
        for line in _lines(inventory):
            if isinstance(line.provider, MemberProduct):
                seller = directory.sites()[seller_of(line.provider.product)].company
                if seller != buyer:
                    wanted[seller, line.provider.product, buyer] = None
    owners = {
        membership.company_id: membership.user_id
        for membership in Membership.objects.filter(role="owner", company__in=written.companies.values())
    }
    grants = ProductGrant.objects.bulk_create(
        ProductGrant(
            company=written.companies[seller],
            product=written.products[seller, product],
            recipient=written.companies[buyer],
            created_by_id=owners.get(written.companies[seller].pk),
        )
        for seller, product, buyer in wanted
    )
    written.counts["grants"] = len(grants)

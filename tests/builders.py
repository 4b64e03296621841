"""Small worlds for tests: rows as a plant would have entered them."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from oauth2_provider.models import Application

from accounts.actor import Actor
from accounts.models import ClientSecret, Company, CompanyGroup, Membership, ServiceClient, Site, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.content import Emission, VersionContent
from factors.models import (
    CharacterizationFactor,
    CharacterizationSet,
    Factor,
    FactorEmission,
    FactorImport,
    FactorProposal,
    FactorVersion,
    GreenhouseGas,
    Source,
)
from footprint.analysis.models import AdoptionDecision, AdoptionPolicy
from footprint.exchange.actions import compare_again
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import prints
from footprint.exchange.workbook.content import values_of
from footprint.inventory.actions import add_evidence
from footprint.inventory.models import (
    EvidenceFile,
    Exchange,
    Inventory,
    Product,
    ProductGrant,
    UnitProcess,
)
from footprint.partners.models import (
    Connection,
    Delivery,
    FootprintGrant,
    OfferedFootprint,
    PartnerEvent,
    PartnerFootprint,
    PartnerSecret,
    Receipt,
)
from footprint.rules.models import ClosureRule

_number = itertools.count(1)


def company(code: str = "", group: CompanyGroup | None = None, **more: Any) -> Company:
    """A member company, in a group of its own unless one is given."""
    code = code or f"company-{next(_number)}"
    group = group or CompanyGroup.objects.create(
        code=f"{code}-group", name_zh=f"{code}集团", name_en=f"{code} group"
    )
    names = {"name_zh": f"{code}公司", "name_en": f"{code} company"}
    return Company.objects.create(code=code, group=group, **{**names, **more})


def site(of: Company, code: str = "") -> Site:
    """A site."""
    code = code or f"site-{next(_number)}"
    return Site.objects.create(
        company=of, code=code, name_zh=f"{code}厂", name_en=f"{code} site", province="CN-SD"
    )


def person(of: Company, *roles: Role, email: str = "", sites: tuple[Site, ...] = ()) -> User:
    """Somebody with roles at a company."""
    user = User.objects.create_user(email or f"person{next(_number)}@example.com", "a long password 1")
    for role in roles:
        Membership.objects.create(user=user, company=of, role=role).sites.set(sites)
    return user


def actor(of: Company, *roles: Role) -> Actor:
    """Somebody with roles at a company, as the questions and decisions see them."""
    return actor_of_user(person(of, *(roles or (Role.OWNER,))))


def machine_client(of: Company, secret: str, *, name: str = "", is_active: bool = True) -> ServiceClient:
    """A machine client with a secret of our choosing; nothing asks who may make one."""
    name = name or f"ERP of {of.code}"
    application = Application.objects.create(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    made = ServiceClient.objects.create(company=of, application=application, name=name, is_active=is_active)
    ClientSecret.objects.create(client=made, slot=1, hashed=make_password(secret), hint=secret[-4:])
    return made


def inventory(at: Site, year: int = 2025) -> Inventory:
    """A calendar year at a site."""
    return Inventory.objects.create(
        company=at.company, site=at, period_start=date(year, 1, 1), period_end=date(year, 12, 31)
    )


def product(of: Company, code: str = "", unit: str = "kg", **more: Any) -> Product:
    """Something a company makes or buys."""
    code = code or f"product-{next(_number)}"
    names = {"name_zh": f"{code}品", "name_en": code}
    return Product.objects.create(company=of, code=code, unit=unit, **{**names, **more})


def process(of: Inventory, code: str = "", method: str = "none", **more: Any) -> UnitProcess:
    """A unit process."""
    code = code or f"process-{next(_number)}"
    return UnitProcess.objects.create(
        company=of.company,
        inventory=of,
        code=code,
        name_zh=code,
        name_en=code,
        allocation_method=method,
        **more,
    )


def output(of: UnitProcess, what: Product, amount: str | int = "1", unit: str = "", **more: Any) -> Exchange:
    """A product put out."""
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="output",
        kind="product",
        product=what,
        amount=Decimal(amount),
        unit=unit or what.unit,
        **more,
    )


def takes(of: UnitProcess, what: Product | None, amount: str | int, unit: str = "", **more: Any) -> Exchange:
    """A product taken in, with a provider among ``more``."""
    assert unit or what is not None
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="input",
        kind="product" if what else "elementary",
        product=what,
        amount=Decimal(amount),
        unit=unit or (what.unit if what else ""),
        **more,
    )


def emits(
    of: UnitProcess, amount: str | int, gas: str = "CO2", origin: str = "fossil", unit: str = "kg"
) -> Exchange:
    """A direct emission."""
    return Exchange.objects.create(
        company=of.company,
        process=of,
        direction="output",
        kind="elementary",
        gas=gas,
        origin=origin,
        compartment="air",
        amount=Decimal(amount),
        unit=unit,
    )


def workbook_upload(line: Exchange, amount: str = "9", *, file_name: str = "filled.xlsx") -> WorkbookUpload:
    """A workbook that was handed in, with another amount in one line, as compared once."""
    values = values_of(line)
    cells = {key: ["text", value] for key, value in {**values, "amount": amount}.items() if value}
    upload = WorkbookUpload.objects.create(
        company=line.company,
        inventory=line.process.inventory,
        file_name=file_name,
        size=1,
        sha256="0" * 64,
        version=0,
        summary={"places": {}},
        rows=[[layout.FIRST_ROW, str(line.uuid), str(line.version), prints(values), cells]],
    )
    return compare_again(upload, by=actor(line.company))


def evidence(line: Exchange, said: str = "read by hand", *, name: str = "reading.txt") -> EvidenceFile:
    """A file that lies with a line."""
    owner = actor(line.company)
    with acting_as(owner):
        return add_evidence(line, by=owner, at=timezone.now(), name=name, content=said.encode())


def closure_rule(basis: str = "mass", amber: str = "0.01", red: str = "0.03") -> ClosureRule:
    """When a balance closes."""
    return ClosureRule.objects.create(
        basis=basis,
        number=1,
        valid_from=date(2025, 1, 1),
        amber=Decimal(amber),
        red=Decimal(red),
        source="Test",
    )


def grant(what: Product, to: Company) -> ProductGrant:
    """A partner may link to a product."""
    return ProductGrant.objects.create(company=what.company, product=what, recipient=to)


def source() -> Source:
    """Where test factors come from."""
    found, _ = Source.objects.get_or_create(
        code="test",
        defaults={
            "title_zh": "测试",
            "title_en": "Test",
            "publisher": "Test",
            "year": 2025,
            "redistribution": "yes",
        },
    )
    return found


def factor_version(kg: str, unit: str = "kWh", gas: str = "CO2", **more: Any) -> FactorVersion:
    """A published version of a new factor, kg of one gas per unit."""
    code = f"factor-{next(_number)}"
    factor = more.pop("factor", None) or Factor.objects.create(
        code=code, name_zh=code, name_en=code, kind="electricity", unit=unit
    )
    number = factor.versions.count() + 1
    with transaction.atomic():
        version = FactorVersion.objects.create(
            factor=factor,
            number=number,
            geography=more.pop("geography", f"CN-{number}"),
            reference_year=2024,
            scope=more.pop("scope", "co2e"),
            boundary=more.pop("boundary", "life_cycle"),
            source=source(),
            source_locator="table 1",
            transcription="single",
            digest=f"{code}-{number}",
            **more,
        )
        FactorEmission.objects.create(version=version, gas=gas, origin="unspecified", kg_per_unit=Decimal(kg))
    return version


def factor_proposal(of: Company, version: FactorVersion) -> FactorProposal:
    """A proposal of a company for another figure of a version's factor."""
    factor, now = version.factor, timezone.now()
    content = VersionContent(
        emissions=(Emission("CO2", "unspecified", Decimal("0.6")),), geography="CN", reference_year=2024,
        scope="co2e", boundary="life_cycle", source=source().code, source_locator="table 2",
        transcription="single",
    )  # fmt: skip
    return FactorProposal.objects.create(
        company=of, factor=factor, code=factor.code, name_zh=factor.name_zh, name_en=factor.name_en,
        kind=factor.kind, unit=factor.unit, content=content.as_json(), proposed_at=now, moved_at=now,
    )  # fmt: skip


def adoption(of: Company, version: FactorVersion, reason: str = "later") -> AdoptionDecision:
    """A company's decision to keep what it has for now."""
    return AdoptionDecision.objects.create(
        company=of, old=version, new=version, choice="postponed", reason=reason, at=timezone.now()
    )


def adoption_policy(of: Company, percent: str = "5") -> AdoptionPolicy:
    """What a company takes over without being asked; it has one."""
    said = {"most_percent": Decimal(percent), "set_at": timezone.now()}
    return AdoptionPolicy.objects.get_or_create(company=of, defaults=said)[0]


def factor_import() -> FactorImport:
    """A file of factors that nobody has read yet."""
    return FactorImport.objects.create(
        file_name="factors.csv", size=1, sha256="0" * 64, content=b"", lines_all=1, created_at=timezone.now()
    )


def gwp(**values: tuple[str, str]) -> None:
    """GWP100 of gases, as (AR5, AR6); CO2 is always there."""
    for place, code in enumerate(("AR5", "AR6")):
        chosen, _ = CharacterizationSet.objects.get_or_create(
            code=code, horizon=100, defaults={"name_zh": code, "name_en": code}
        )
        for gas, pair in {"CO2": ("1", "1"), **values}.items():
            row, _ = GreenhouseGas.objects.get_or_create(code=gas, defaults={"name_zh": gas, "name_en": gas})
            CharacterizationFactor.objects.get_or_create(
                set=chosen,
                gas=row,
                origin="unspecified",
                defaults={"value": Decimal(pair[place]), "source": source(), "transcription": "single"},
            )


def partner(of: Company, product: Product, name: str = "Partner") -> dict[str, Any]:
    """A partner's system with a row of everything, by the name an address calls it; nothing asks who may."""
    application = Application.objects.create(
        name=name,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    connection = Connection.objects.create(
        company=of, name=name, base_url="https://partner.example", callback_id="us", callback_secret="x"
    )
    Connection.objects.filter(pk=connection.pk).update(state="active", application=application)
    now = timezone.now()
    own = {"company": of, "connection": connection}
    offered = OfferedFootprint.objects.create(
        uuid=uuid4(), company=of, product=product, document="{}", product_ids=[], company_ids=[],
        **dict.fromkeys(("created", "valid_from", "valid_until", "period_start", "period_end"), now),
    )  # fmt: skip
    Receipt.objects.create(**own, footprint=offered)
    received = PartnerFootprint.objects.create(
        **own, pf_id=uuid4(), original="{}", product_name=name, received_at=now
    )
    event = PartnerEvent.objects.create(
        **own,
        event_id=name,
        source="x",
        type="requested",
        body=json.dumps({"data": {}}),
        comment=name,
        due_at=now,
    )
    delivery = Delivery.objects.create(
        **own, type="published", event_id=name, body="{}", due_at=now, gives_up_at=now
    )
    Delivery.objects.filter(pk=delivery.pk).update(state="dead")
    return {
        "connection": connection,
        "grant": FootprintGrant.objects.create(**own, product=product, purpose=name),
        "partner_secret": PartnerSecret.objects.create(
            **own, slot=1, hashed="x", hint="abcd", expires_at=now
        ),
        "event": event,
        "received": received,
        "delivery": delivery,
    }

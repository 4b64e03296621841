"""A member with a machine client that signs in as an ERP would, a supplier, and a stranger."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import Application

from accounts.models import Company, Site
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new

SECRET = "a secret only this machine knows"
V1 = "/api/v1/"


@dataclass
class Machine:
    """Calls the interface with a bearer token."""

    token: str
    language: str = "en"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Client().generic(
            method,
            path if path.startswith(("/", "http")) else V1 + path,
            sent,
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept-Language": self.language,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, version: int | str | None = None, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **_if_match(version), **headers)

    def put(self, path: str, body: Any, version: int | str | None = None) -> HttpResponse:
        return self.call("PUT", path, body, **_if_match(version))

    def delete(self, path: str, version: int | str | None = None) -> HttpResponse:
        return self.call("DELETE", path, **_if_match(version))


def _if_match(version: int | str | None) -> dict[str, str]:
    if version is None:
        return {}
    return {"If_Match": version if isinstance(version, str) else f'"{version}"'}


def client_of(company: Company) -> Application:
    """A machine client as the company's data owner would have it made."""
    return new.machine_client(company, SECRET).application


def token_request(application: Application, secret: str = SECRET, scope: str = "") -> HttpResponse:
    """What an ERP sends first."""
    basic = base64.b64encode(f"{application.client_id}:{secret}".encode()).decode()
    form = "grant_type=client_credentials" + (f"&scope={scope}" if scope else "")
    return Client().post(
        "/oauth/token/",
        form,
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {basic}"},
    )


def machine_of(company: Company, scope: str = "") -> Machine:
    """A machine that has its token."""
    return Machine(token_request(client_of(company), scope=scope).json()["access_token"])


@dataclass
class World:
    """A cracker that makes ethylene of naphtha bought from a supplier, with power from the grid."""

    company: Company
    site: Site
    inventory: Inventory
    cracker: UnitProcess
    ethylene: Product
    naphtha: Product
    made: Exchange
    feed: Exchange
    power: Exchange
    supplier: Company
    offered: Product
    erp: Machine


@pytest.fixture
def world(db: None) -> World:
    """Everything computed."""
    new.gwp(CH4=("28", "27"))
    supplier = new.company("supplier")
    refinery = new.process(new.inventory(new.site(supplier)), "refinery")
    offered = new.product(supplier, "naphtha-out", "t")
    new.output(refinery, offered, "1000", is_reference=True)
    new.emits(refinery, "400", unit="t")
    company = new.company("member")
    new.grant(offered, company)
    site = new.site(company, "jinshan")
    inventory = new.inventory(site)
    cracker = new.process(inventory, "cracker")
    ethylene = new.product(company, "ethylene", "t", lhv_mj_per_unit="47000")
    naphtha = new.product(company, "naphtha", "t")
    electricity = new.product(company, "power", "kWh")
    made = new.output(cracker, ethylene, "500", is_reference=True)
    feed = new.takes(cracker, naphtha, "900", provider_product=offered)
    power = new.takes(cracker, electricity, "1000", factor_version=new.factor_version("0.5"))
    new.emits(cracker, "10.5", unit="t")
    drain()
    return World(
        company,
        site,
        inventory,
        cracker,
        ethylene,
        naphtha,
        made,
        feed,
        power,
        supplier,
        offered,
        machine_of(company),
    )

"""Partners' systems, one for each way a connection can stand, and footprints in each state they can have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.actor import Actor
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Product
from footprint.partners import actions
from footprint.partners.actions.connecting import Credentials
from footprint.partners.actions.offering import deprecate, store
from footprint.partners.models import OfferedFootprint, PartnerSecret
from tests import builders as new
from tests.footprint.partners.conftest import BASE, System
from tests.footprint.partners.documents import whole
from tests.footprint.partners.test_events import event

DATA = {2: {"pf": {"productIds": ["urn:gtin:1"]}}, 3: {"productId": ["urn:gtin:1"]}}


@dataclass
class Systems:
    """Callers by name, their credentials, and the footprints of the company they call, by state."""

    company: Company
    footprints: dict[str, str] = field(default_factory=dict)
    credentials: dict[str, Credentials] = field(default_factory=dict)
    callers: dict[str, System] = field(default_factory=dict)

    def answer(self, route: str, method: str, caller: str, state: str) -> Any:
        """What a caller is told."""
        system, version = self.callers[caller], int(route[0]) if route[0].isdigit() else 3
        if route == "auth/token":
            own = self.credentials.get(caller)
            known = self.credentials["system.granted"].client_id  # to be guessed at by who has none
            return system.token(*((own.client_id, own.client_secret) if own else (known, "guessed")))
        path = "/" + route.format(pf_id=self.footprints.get(state, uuid4()))
        if method == "POST" and route.endswith("events"):
            return system.post(path, event(version=version, id=str(uuid4()), data=DATA[version]))
        return system.post(path, {}) if method == "POST" else system.get(path)


def built() -> Systems:
    """Everything, by the product's own actions."""
    new.gwp()
    company, another = new.company("maker-of-systems"), new.company("rival-of-systems")
    world = Systems(company)
    products = {state: new.product(company) for state in ("open", "closed", "reserved", "withdrawn")}
    with acting_as(Actor.worker()):
        for state, product in products.items():
            world.footprints[state] = str(_stored(company, product).uuid)
        ended = _stored(company, products["open"])
        deprecate(ended, at=timezone.now())
        world.footprints["deprecated"] = str(ended.uuid)
        rows = OfferedFootprint.objects
        rows.filter(uuid=world.footprints["reserved"]).update(only_for=[another.pk])
        rows.filter(uuid=world.footprints["withdrawn"]).update(is_served=False)
        _stored(another, new.product(another))
    for name, made in _connected(company, another, products["open"]):
        world.credentials[name] = made
        world.callers[name] = System(made)
    _change(world)
    machine = new.machine_client(company, "own.erp", name="own.erp").application
    token = AccessToken.objects.create(
        application=machine,
        token="of-a-member",
        scope="read write",
        expires=timezone.now() + timedelta(hours=1),
    )
    for name, bearer in (("own.erp", token.token), ("nobody.anonymous", "")):
        world.callers[name] = System.__new__(System)
        world.callers[name].client, world.callers[name].bearer = Client(), bearer
    return world


def _stored(company: Company, product: Product) -> OfferedFootprint:
    return store(whole(id=str(uuid4())), company_id=company.pk, product_id=product.pk)


def _connected(company: Company, another: Company, product: Product) -> Iterator[tuple[str, Credentials]]:
    here, there = new.actor(company, Role.OWNER), new.actor(another, Role.OWNER)
    for name in (
        "granted",
        "whole",
        "ungranted",
        "former",
        "revoked",
        "switched_off",
        "expired",
        "elsewhere",
    ):
        yield f"system.{name}", _one(company, here, name, None if name == "whole" else product)
    yield "system.foreign", _one(another, there, "foreign", None)


def _one(company: Company, by: Actor, name: str, product: Product | None) -> Credentials:
    made = actions.request_connection(
        company, by=by, name=name, base_url=BASE, callback_id="us", callback_secret="theirs"
    )
    credentials = actions.approve_connection(made, by=by, at=timezone.now())
    if name != "ungranted":
        actions.grant_footprints(made, by=by, product=product, level="full", at=timezone.now())
    return credentials


def _change(world: Systems) -> None:
    """What happened to some after they got their tokens."""
    by, now = new.actor(world.company, Role.OWNER), timezone.now()

    def of(name: str) -> Any:
        return world.credentials[f"system.{name}"].connection

    actions.end_grant(of("former").grants.get(), by=by, at=now)
    actions.revoke_connection(of("revoked"), by=by, at=now)
    actions.revoke_partner_secret(PartnerSecret.objects.get(connection=of("switched_off")), by=by, at=now)
    actions.narrow_networks(of("elsewhere"), by=by, networks="203.0.113.0/24")
    issued = AccessToken.objects.filter(application__partner_connection=of("expired"))
    issued.update(expires=now - timedelta(seconds=1))

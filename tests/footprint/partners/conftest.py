"""A company with published footprints and a partner's system that may read some of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Product
from footprint.partners import actions
from footprint.partners.actions.connecting import Credentials
from footprint.partners.actions.offering import store
from footprint.partners.models import Connection, OfferedFootprint
from tests import builders as new
from tests.footprint.partners.documents import whole

BASE = "https://partner.example"


@dataclass
class World:
    """One company, two products with a footprint each, one partner that sees the first."""

    company: Company
    owner: Actor
    products: list[Product]
    footprints: list[OfferedFootprint]
    credentials: Credentials

    @property
    def connection(self) -> Connection:
        return Connection.objects.get(pk=self.credentials.connection.pk)

    def offer(self, product: Product, **changes: Any) -> OfferedFootprint:
        with acting_as(Actor.worker()):
            return store(whole(**changes), company_id=self.company.pk, product_id=product.pk)


class System:
    """A partner's system."""

    def __init__(self, credentials: Credentials) -> None:
        self.client = Client()
        answer = self.token(credentials.client_id, credentials.client_secret)
        self.bearer = answer.json()["access_token"]

    def token(self, client_id: str, secret: str, **form: str) -> Any:
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        return self.client.generic(
            "POST",
            "/auth/token",
            urlencode(form or {"grant_type": "client_credentials"}),
            content_type="application/x-www-form-urlencoded",
            headers={"authorization": f"Basic {basic}"},
            secure=True,
        )

    def get(self, path: str, **extra: Any) -> Any:
        headers = {"authorization": f"Bearer {self.bearer}"} | extra.pop("headers", {})
        return self.client.get(path, headers=headers, secure=True, **extra)

    def post(self, path: str, body: Any, content_type: str = "application/cloudevents+json") -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"authorization": f"Bearer {self.bearer}"}
        return self.client.generic(
            "POST", path, text, content_type=content_type, headers=headers, secure=True
        )


@pytest.fixture
def world(db: None) -> World:
    company = new.company()
    owner = new.actor(company, Role.OWNER)
    products = [new.product(company), new.product(company)]
    connection = actions.request_connection(
        company,
        by=owner,
        name="Partner",
        base_url=BASE,
        callback_id="us",
        callback_secret="theirs",
        answers=Connection.Answers.GRANTED,
    )
    credentials = actions.approve_connection(connection, by=owner, at=timezone.now())
    actions.grant_footprints(connection, by=owner, at=timezone.now(), product=products[0], level="full")
    made = World(company, owner, products, [], credentials)
    made.footprints = [made.offer(product) for product in products]
    return made


@pytest.fixture
def system(world: World) -> System:
    return System(world.credentials)


@pytest.fixture
def another(world: World) -> Callable[[str], System]:
    """A further partner of the same company, to whom nothing is open."""

    def made(name: str) -> System:
        connection = actions.request_connection(world.company, by=world.owner, name=name)
        return System(actions.approve_connection(connection, by=world.owner, at=timezone.now()))

    return made

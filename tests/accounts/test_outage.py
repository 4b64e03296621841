"""While the database is away: 503 and when to come back, for people and machines."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from accounts import idempotency, limiting, middleware
from footprint.calculation import queries
from footprint.calculation.api.products import ProductView
from tests import builders as new


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/products/", "text/html; charset=utf-8", "数据库暂时无法连接"),
        ("/api/v1/products/", "application/problem+json", "Repeat the request"),
    ],
)
def test_nobody_is_told_that_something_broke(
    monkeypatch: pytest.MonkeyPatch, client: Client, path: str, kind: str, said: str
) -> None:
    def gone(request: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(middleware, "actor_of", gone)
    reply = client.get(path)
    assert (reply.status_code, reply["Retry-After"], reply["Content-Type"]) == (503, "2", kind)
    assert said in reply.content.decode()


@pytest.mark.django_db
def test_a_page_that_loses_the_database_on_the_way(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(queries, "_stale", gone)
    user = new.person(new.company(), new.Role.OWNER)
    product = new.product(user.memberships.get().company)
    process = new.process(new.inventory(new.site(product.company)))
    new.output(process, product)
    client.force_login(user)
    reply = client.get(f"/products/{product.uuid}/")
    assert reply.status_code in (200, 503)


@pytest.mark.django_db
@pytest.mark.parametrize("away", [OperationalError, InterfaceError])
def test_a_machine_that_loses_the_database_on_the_way(
    monkeypatch: pytest.MonkeyPatch, client: Client, away: type[Exception]
) -> None:
    """As when the disk is full under a write: not a fault of ours that nobody can mend by asking again."""
    client.raise_request_exception = False
    user = new.person(new.company(), new.Role.OWNER)
    client.force_login(user)

    def gone(*_: object, **__: object) -> None:
        raise away("No space left on device")

    monkeypatch.setattr(ProductView, "rows", gone)
    reply = client.get("/api/v1/products/")
    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    assert "Repeat the request" in reply.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/products/", "text/html; charset=utf-8"), ("/api/v1/products/", "application/problem+json")],
)
@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("No space left on device"), 503), (KeyError("nobody knows"), 500)]
)
def test_what_stands_around_the_views_loses_the_database(
    monkeypatch: pytest.MonkeyPatch, client: Client, path: str, kind: str, error: Exception, status: int
) -> None:
    client.raise_request_exception = False
    client.force_login(new.person(new.company(), new.Role.OWNER))

    def gone(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(limiting, "limits_of", gone)
    reply = client.get(path)
    assert (reply.status_code, reply["Content-Type"]) == (status, kind)
    assert reply.get("Retry-After") == ("2" if status == 503 else None)


@pytest.mark.django_db
def test_a_key_that_cannot_be_kept_is_sent_again(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(new.person(new.company(), new.Role.OWNER))

    def gone(*_: object) -> None:
        raise OperationalError("No space left on device")

    monkeypatch.setattr(idempotency, "_claim", gone)
    reply = client.post("/api/v1/products/", {}, "application/json", headers={"Idempotency-Key": "one"})
    assert (reply.status_code, reply["Retry-After"]) == (503, "2")

"""Every page, by everybody for whom it looks different: nothing grave, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.actions import invite
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from alliance.runtime.translations import compile_catalogues
from factors.actions.release import release_factors
from factors.actions.release_file import ask_for_file
from factors.models import FactorVersion
from footprint.inventory.models import Exchange, Inventory, Product
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule
from tests import builders as new
from tests.pages.all_pages import Look, Reader, looks, routes
from tests.pages.host import Host
from tests.permissions.asking import knowing_askers, path_of
from tests.permissions.world import World, built
from tests.reviewing import Plant, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(300)]
ROOMS = sorted({route.split("/")[0] for route in routes()})
FORM, FILE = "takes a form of another page", "a file, which there is none of here"
OF_A_KEY = "of a key, which tests/pages/test_account.py makes"
OF_AN_APP = "of an app or its codes; tests/accounts/test_second_factor.py"
UNSEEN = {
    ".well-known/security.txt": "says whom to write to, where an operator has named somebody",
    "account/lent/{delegation_uuid}/end/": FORM,
    "account/sessions/{session_id}/end/": FORM,
    "accounts/2fa/recovery-codes/": OF_AN_APP,
    "accounts/2fa/recovery-codes/download/": OF_AN_APP,
    "accounts/2fa/totp/deactivate/": OF_AN_APP,
    "accounts/2fa/webauthn/keys/{pk}/edit/": OF_A_KEY,
    "accounts/2fa/webauthn/keys/{pk}/remove/": OF_A_KEY,
    "accounts/oidc/{provider_id}/login/": "leads to an identity provider, which there is none of here",
    "accounts/oidc/{provider_id}/login/callback/": "comes back from one",
    "exports/{export_uuid}/file/": FILE,
    "factors/import/{import_uuid}/file.csv": FILE,
    "factors/releases/{name}/files/{file_uuid}/content/": FILE,
    "factors/sources/{code}/age/": FORM,
    "products/{product_uuid}/scenario/apply/{practice_uuid}/": FORM,
    "sharing/{sharing_uuid}/statement.jws": FILE,
    "sharing/{sharing_uuid}/use/": FORM,
}
"""Addresses that answer nobody here with a page, and why that is enough."""
VIEWER = "api/docs/"
"""Another project's page around our document: tests/api/test_docs_page.py."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    compile_catalogues()
    with django_db_blocker.unblock(), built() as made:
        _furnish(made)
        yield made


def _furnish(world: World) -> None:
    """What the matrix of permissions asks elsewhere for, to be looked at here."""
    things, office = world.opened, Company.objects.get(code="office")
    version = FactorVersion.objects.get(uuid=things["version"])
    things["proposal"] = new.factor_proposal(world.company, version).uuid
    things["import"] = new.factor_import().uuid
    release = release_factors(by=new.actor(office, Role.CURATOR), name="x")
    things["file"] = ask_for_file(release, kind="csv", language="zh-hans").uuid
    ProductRule.objects.filter(category__code="ethylene").update(state=State.DRAFTING)
    roles = {"owner": Role.OWNER, "approver": Role.APPROVER}
    people = {name: new.person(world.company, role) for name, role in roles.items()}
    named = {
        "inventory": Inventory.objects.get(uuid=things["inventory"]),
        "product": Product.objects.get(uuid=things["product"]),
        "line": Exchange.objects.get(uuid=things["exchange"]),
    }
    public = published(Plant(world.company, people=people, **named), "public")
    things["declared"] = public.uuid
    asked = invite(
        world.company, by=actor_of_user(people["owner"]), email="asked@example.com", roles=["owner"]
    )
    things["token"] = asked.link.rstrip("/").rpartition("/")[2]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def reader(browser: Browser, world: World, host: Host) -> Iterator[Reader]:
    """Each room in a window of its own: what hangs in one of hundreds of pages takes no other room along."""
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    yield Reader(context.new_page(), world, host)
    context.close()
    host.forget()


@pytest.mark.parametrize("room", ROOMS)
def test_pages(reader: Reader, room: str) -> None:
    """What answers nobody with a page, a part of one or anything else is named, with a reason."""
    found, unseen = [], set()
    with knowing_askers(reader.world):
        for route in (each for each in routes() if each.split("/")[0] == room and each != VIEWER):
            seen = [reader.faults(*each) for each in looks(reader, route, _path(reader.world, route))]
            found += [fault for faults in seen for fault in faults]
            if not seen and route not in reader.others:
                unseen.add(route)
    assert found == []
    assert unseen == {route for route in UNSEEN if route.split("/")[0] == room}


def test_a_page_that_says_no(reader: Reader) -> None:
    with knowing_askers(reader.world):
        page = reader.fetched("own.owner", "/nowhere/")
        assert reader.faults(Look("", "/nowhere/", "own.owner"), page)[1:] == []


def _path(world: World, route: str) -> str:
    things = world.things("opened")
    if route.startswith("declarations/"):
        things = {**things, "publication": things["declared"]}
    path = path_of(route, things, world)
    return f"{path}?old={things['number']}" if route == "factors/{factor_uuid}/impact/" else path

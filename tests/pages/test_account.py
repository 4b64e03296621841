"""One's own account at the browser: an app, recovery codes, a security key, sessions; and how it looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.actions import add_service_client, invite
from accounts.models import Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from tests import builders
from tests.accounts.otp import code_of
from tests.pages.conftest import OpenWindow, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long password 1"
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def owner(transactional_db: None) -> User:
    cache.clear()
    company = builders.company("petro")
    builders.person(company, Role.APPROVER, email="approver@petro.example")
    return builders.person(company, Role.OWNER, email="owner@petro.example")


def sign_in(seen: Window, person: User) -> Page:
    page = seen.open("/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def test_app_codes_and_sessions(window: OpenWindow, owner: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    elsewhere = window()
    sign_in(elsewhere, owner)
    here = window()
    page = sign_in(here, owner)
    expect(page.get_by_text("Your roles need a second factor.")).to_be_visible()
    page.get_by_role("link", name="Add an authenticator app").click()
    secret = page.locator("[data-secret]").inner_text()
    page.locator("[name=code]").fill("1")
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator(".field-error")).to_be_visible()
    secret = page.locator("[data-secret]").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#factors")).to_contain_text("10 left")
    elsewhere.open("/account/")
    expect(elsewhere.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    page = sign_in(elsewhere, owner)
    page.locator("[name=code]").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(elsewhere.address + "/")
    page = here.open("/account/")
    expect(page.locator("#factors")).to_contain_text("9 left")
    expect(page.locator("#sessions tbody tr")).to_have_count(2)
    page.locator("#sessions tbody button").click()
    expect(page.locator("#sessions tbody tr")).to_have_count(1)
    elsewhere.open("/")
    expect(elsewhere.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert here.complaints == elsewhere.complaints == []


def test_a_security_key(window: OpenWindow, owner: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    seen = window()
    page = sign_in(seen, owner)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    settled = {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, **settled}})
    page.get_by_role("link", name="Add a security key").click()
    page.locator("[name=name]").fill("Key on the chain")
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#factors")).to_contain_text("Key on the chain")
    assert Authenticator.objects.filter(user=owner, type="webauthn").exists()
    page.context.clear_cookies(name="sessionid")
    page = sign_in(seen, owner)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(seen.address + "/")
    assert seen.complaints == []


def test_every_page_is_readable_in_english(window: OpenWindow, owner: User) -> None:
    """On a telephone; in Chinese and in both themes: test_all_pages.py."""
    company, actor = Company.objects.get(code="petro"), actor_of_user(owner)
    machine = add_service_client(company, by=actor, name="SAP", networks="203.0.113.0/24").client
    link = invite(company, by=actor, email="asked@petro.example", roles=["owner", "approver"]).link
    seen = window(owner, width=390)
    paths = [
        "/account/",
        "/account/lend/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        f"/companies/{company.uuid}/",
        f"/companies/{company.uuid}/people/",
        f"/companies/{company.uuid}/people/invite/",
        f"/companies/{company.uuid}/clients/",
        f"/companies/{company.uuid}/clients/add/",
        f"/clients/{machine.uuid}/",
        f"/clients/{machine.uuid}/secret/",
        "/invitations/" + link.split("/invitations/")[1],
    ]
    faults: list[str] = []
    for path in paths:
        page = seen.open(path)
        if page.url.endswith("/reauthenticate/?next=" + path.replace("/", "%2F")):
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main [type=submit]").click()
        faults += [f"{path} {fault}" for fault in seen.grave_faults()]
        seen.fits()
        if SHOTS:
            name = path.strip("/").replace("/", "-")[-50:]
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert faults == []
    assert seen.complaints == []

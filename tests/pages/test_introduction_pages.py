"""Asking to be connected in a real browser: no complaint, nothing grave, nothing sticks out."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.partners import actions
from tests import builders as new
from tests.pages.conftest import OpenWindow


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "light"), ("zh-hans", 390, "dark")])
def test_pages(transactional_db: None, window: OpenWindow, language: str, width: int, theme: str) -> None:
    company = new.company()
    user = new.person(company, Role.OWNER)
    owner = actor_of_user(user)
    with acting_as(owner):
        actions.open_reception(company, by=owner, is_open=True, at=timezone.now())
    asked = new.asked_in(company)
    opened = window(user, language=language, width=width, theme=theme)
    for path in (f"/partners/requests/{asked.uuid}/", "/partners/requests/", "/connect/"):
        page = opened.open(path)
        page.wait_for_load_state("networkidle")
        opened.fits()
        assert opened.grave_faults() == [], path
    page.locator("#id_company").select_option(str(company.uuid))
    for field in ("name", "contact_name", "purpose"):
        page.locator(f"#id_{field}").fill("Ethylene")
    page.locator("#id_contact_mail").fill("ann@buyer.example")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("dl.facts code").count() == 1
    opened.fits()
    assert opened.grave_faults() == []
    assert opened.complaints == []

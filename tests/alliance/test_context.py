"""The frame of a page: places by role, who one is, the engine's version."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from accounts.actor import Actor, Holding
from accounts.roles import Role
from alliance.context import CHAPTERS, chapters, role_names
from footprint.engine import ENGINE_VERSION
from tests import builders


def labels(role: Role) -> set[str]:
    actor = Actor(name="somebody", user_id=1, holdings=(Holding(1, role),))
    with translation.override("en"):
        found = chapters(CHAPTERS, actor, "/factors/")
        return {place.label for _title, places in found for place in places} | {title for title, _ in found}


def test_visitors_have_nowhere_to_go() -> None:
    assert chapters(CHAPTERS, Actor.nobody(), "/") == ()


@pytest.mark.parametrize(
    ("role", "sees", "lacks"),
    [
        (Role.OWNER, {"Factors", "Imports", "Data exchange"}, set()),
        (Role.PLANT_PROVIDER, {"Factors"}, {"Imports"}),
        (Role.CURATOR, {"Factors", "Accounting basis"}, {"Products", "Imports", "Data exchange"}),
        (Role.PLATFORM_ADMIN, {"Factors"}, {"Products", "Imports"}),
    ],
)
def test_places_follow_the_role(role: Role, sees: set[str], lacks: set[str]) -> None:
    assert sees <= labels(role) and not lacks & labels(role)


def test_roles_are_named_in_the_page_s_language() -> None:
    actor = Actor(name="x", user_id=1, holdings=(Holding(1, Role.OWNER), Holding(1, Role.APPROVER)))
    with translation.override("zh-hans"):
        assert role_names(actor) == "企业数据负责人、企业审批人"
    with translation.override("en"):
        assert role_names(actor) == "Company data owner, Company approver"


def test_the_frame_names_company_engine_and_demonstration(db: None) -> None:
    client = Client(headers={"accept-language": "en"})
    company = builders.company("donghai", is_demonstration=True)
    client.force_login(builders.person(company, Role.OWNER))
    client.cookies["django_language"] = "en"
    page = client.get("/gallery/").content.decode()
    assert "donghai company" in page and f"Engine {ENGINE_VERSION}" in page and 'class="banner"' in page
    assert 'aria-current="page"' in page and "Sign out" in page

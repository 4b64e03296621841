"""A page speaks the language its reader chose."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.roles import Role
from tests import builders


@pytest.mark.parametrize(
    ("cookie", "locale", "wish", "lang"),
    [
        (None, "zh-hans", "en", "zh-Hans"),
        (None, "en", "zh-CN", "en"),
        ("en", "zh-hans", "zh-CN", "en"),
    ],
)
def test_choice_before_habit_before_browser(
    db: None, cookie: str | None, locale: str, wish: str, lang: str
) -> None:
    person = builders.person(builders.company(), Role.OWNER)
    person.locale = locale
    person.save()
    client = Client(headers={"accept-language": wish})
    client.force_login(person)
    if cookie:
        client.cookies["django_language"] = cookie
    assert f'<html lang="{lang}"' in client.get("/gallery/").content.decode()


@pytest.mark.parametrize(("wish", "lang"), [("en", "en"), ("zh-CN", "zh-Hans"), ("fr", "zh-Hans")])
def test_visitors_get_what_their_browser_asks_for(db: None, wish: str, lang: str) -> None:
    page = Client(headers={"accept-language": wish}).get("/accounts/login/")
    assert f'<html lang="{lang}"' in page.content.decode()

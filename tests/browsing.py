"""People at their browsers, without one: what a page answers, in English unless told."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User


def browser(person: User | None, language: str = "en") -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    client.cookies["django_language"] = language
    return client


def ask(client: Client, path: str, status: int = 200) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == status, path
    return text(answer)


def send(client: Client, path: str, status: int = 302, **fields: Any) -> HttpResponse:
    answer: Any = client.post(path, fields)
    assert answer.status_code == status, text(answer)
    return answer


def text(answer: HttpResponse) -> str:
    return str(answer.content.decode())

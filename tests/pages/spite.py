"""A company whose every name is an attack, and whoever reads its pages."""

from __future__ import annotations

from html.parser import HTMLParser

from django.apps import apps
from django.db import models

from accounts.models import Company, User
from accounts.roles import Role
from tests import builders as new

SPITE = """x"'><img src=x onerror=alert(1)><script>alert(2)</script><svg/onload=alert(3)>{{7*7}}"""
NAMES = (
    "name_zh", "name_en", "name", "title", "technology", "comment", "flow_name", "file_name", "compartment",
    "balance_comment", "first_name", "last_name",
)  # fmt: skip
NEVER_EDITED = (
    "Audit",
    "FactorProposal",
    "EvidenceFile",
    "RemovedLine",
    "FactorVersion",
    "FactorEmission",
    "Characterization",
)
OWN_SCRIPTS = "/static/"


def spoil() -> User:
    """Give everything that has a name a name full of markup; the owner who may read it all."""
    company = Company.objects.get(code="theirs")
    owner = new.person(company, Role.OWNER)
    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "factors", "inventory", "analysis", "exchange"):
            spoiled = {
                field.name: SPITE[: field.max_length]
                for field in model._meta.fields
                if field.name in NAMES and isinstance(field, models.CharField | models.TextField)
            }
            if spoiled and not model.__name__.startswith(NEVER_EDITED):
                model._default_manager.update(**spoiled)
    return owner


class Dangers(HTMLParser):
    """What in a page would run, or was never written by a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        source = given.get("src") or ""
        is_data = given.get("type") == "application/json"  # no browser runs it
        if tag == "script" and not is_data and not source.startswith(OWN_SCRIPTS):
            self.found.append(f"script {source}")
        if tag == "img" or (tag == "svg" and "onload" in given):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [
            f"{tag} {value}" for value in given.values() if (value or "").startswith("javascript:")
        ]


def dangers_in(page: str) -> list[str]:
    looking = Dangers()
    looking.feed(page)
    return looking.found

"""Who takes part in the demo alliance: companies, sites, people and machine clients. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from alliance.demo.description import rows

# Invented for the demonstration, printed by `manage.py demo_logins`, and of no use anywhere else.
PASSPHRASE = "demo-alliance-2026"  # noqa: S105
CLIENT_COMPANIES = ("cangyu-refining", "danlin-chemistry", "jiyuchuan-refining")


@dataclass(frozen=True)
class DemoCompany:
    """A company and the group it belongs to."""

    code: str
    group: str
    kind: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class DemoSite:
    """A site; the short names stand behind the names of its products."""

    code: str
    company: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    province: str


@dataclass(frozen=True)
class DemoPerson:
    """A login with one role."""

    email: str
    name: str
    locale: str
    company: str
    role: str
    sites: tuple[str, ...]


@dataclass(frozen=True)
class DemoClient:
    """A company's machine client and the secret that only the demonstration knows."""

    company: str
    client_id: str
    client_secret: str


@cache
def groups() -> dict[str, tuple[str, str]]:
    """Chinese and English name of every group by code."""
    return {row["group"]: (row["group_zh"], row["group_en"]) for row in rows("companies") if row["group_en"]}


@cache
def companies() -> dict[str, DemoCompany]:
    """Every company by code."""
    return {
        row["company"]: DemoCompany(row["company"], row["group"], row["kind"], row["name_zh"], row["name_en"])
        for row in rows("companies")
    }


@cache
def sites() -> dict[str, DemoSite]:
    """Every site by code."""
    return {
        row["site"]: DemoSite(
            row["site"],
            row["company"],
            row["name_zh"],
            row["name_en"],
            row["short_zh"],
            row["short_en"],
            row["province"],
        )
        for row in rows("sites")
    }


@cache
def people() -> tuple[DemoPerson, ...]:
    """Every login."""
    return tuple(
        DemoPerson(
            row["email"], row["name"], row["locale"], row["company"], row["role"], tuple(row["sites"].split())
        )
        for row in rows("people")
    )


def clients() -> tuple[DemoClient, ...]:
    """The machine clients."""
    return tuple(
        DemoClient(company, f"demo-{company}", f"{PASSPHRASE}-{company}-machine-client")
        for company in CLIENT_COMPANIES
    )

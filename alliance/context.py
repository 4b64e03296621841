"""What every page shows around its own content: where one can go, who one is, which theme and engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.actor import Actor
from accounts.errors import Text
from accounts.figures import is_chinese
from accounts.roles import ROLES, Permission
from accounts.sessions import ENDED, WHY
from footprint.engine import ENGINE_VERSION

SWITCH = (("zh-hans", "中文"), ("en", "English"))
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Way:
    """A place in the navigation: its address by name, and the permission it needs, or one of several."""

    label: Text
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None = None


@dataclass(frozen=True)
class Chapter:
    """Ways that belong together, and what they are about."""

    title: Text
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Place:
    """A way as one person sees it on one page."""

    label: str
    icon: str
    url: str
    is_current: bool


AUDITING = (Permission.READ_AUDIT, Permission.READ_OWN_DEEDS, Permission.WATCH_SYSTEM)
CHAPTERS = (
    Chapter(
        "",
        (
            Way(_("Home"), "home", "home"),
            Way(_("Companies"), "company", "accounts:company_list"),
        ),
    ),
    Chapter(
        _("Footprints"),
        (
            Way(_("Products"), "product", "inventory:product_list", Permission.READ_BUSINESS),
            Way(
                _("Submissions"),
                "submission",
                "inventory:submission_list",
                (Permission.READ_BUSINESS, Permission.REVIEW_SUBMISSION),
            ),
            Way(
                _("Verifications"),
                "verification",
                "verification:list",
                (Permission.ENGAGE_VERIFIER, Permission.APPROVE_PUBLICATION, Permission.VERIFY),
            ),
            Way(
                _("Publications"),
                "publication",
                "publication:list",
                (Permission.READ_BUSINESS, Permission.REVIEW_SUBMISSION),
            ),
        ),
    ),
    Chapter(
        _("Data exchange"),
        (
            Way(_("Sharing"), "sharing", "sharing:list", Permission.READ_BUSINESS),
            Way(_("Partners"), "partner", "partners:connection_list", Permission.READ_BUSINESS),
            Way(_("Imports"), "import", "exchange:import_list", Permission.IMPORT_INVENTORY),
            Way(_("Bulk uploads"), "bulk", "exchange:upsert_list", Permission.READ_BUSINESS),
            Way(_("Exports"), "export", "exchange:export_list", Permission.EXPORT_COMPANY),
        ),
    ),
    Chapter(
        _("Accounting basis"),
        (
            Way(_("Factors"), "factor", "factors:factor_list"),
            Way(_("Categories"), "category", "benchmark:category_list"),
            Way(_("Rules"), "rule", "rules:rule_list"),
            Way(_("Methods"), "method", "rules:method_list"),
        ),
    ),
    Chapter(
        _("Compare and improve"),
        (
            Way(_("Alliance"), "alliance", "benchmark:alliance"),
            Way(_("Benchmarks"), "benchmark", "benchmark:list"),
            Way(_("Practices"), "practice", "analysis:practices"),
        ),
    ),
    Chapter(
        _("Supervision"),
        (
            Way(_("Audit log"), "table", "accounts:audit_log", AUDITING),
            Way(_("Operations"), "pulse", "operations", Permission.WATCH_SYSTEM),
        ),
    ),
)
CHAPTERS_APART = (
    Chapter("", (Way(_("API"), "api", "api_docs"), Way(_("Components"), "gallery", "gallery"))),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor: lazy, so that a page that shows no frame asks nothing."""
    actor: Actor = getattr(request, "actor", Actor.nobody())
    theme = request.COOKIES.get("theme", "")
    return {
        "navigation": SimpleLazyObject(lambda: drawn(chapters(CHAPTERS, actor, request.path))),
        "navigation_apart": SimpleLazyObject(lambda: drawn(chapters(CHAPTERS_APART, actor, request.path))),
        "company": SimpleLazyObject(lambda: queries.home_company(actor)),
        "person_name": actor.name,
        "unread_count": SimpleLazyObject(lambda: queries.unread_count(actor)),
        "role_names": SimpleLazyObject(lambda: role_names(actor)),
        "switch_languages": SWITCH,
        "ended_words": WHY.get(request.session.get(ENDED, ""), "") if hasattr(request, "session") else "",
        "is_second_factor_required": settings.SECOND_FACTOR_REQUIRED,
        "theme": theme if theme in THEMES else "",
        "engine_version": ENGINE_VERSION,
    }


Navigation = tuple[tuple[str, tuple[Place, ...]], ...]
"""Chapters one person may read, each its title and its places."""


def chapters(all_of_them: tuple[Chapter, ...], actor: Actor, path: str) -> Navigation:
    """The places this person may go to, the current one marked; words in the page's language."""
    if not actor.is_known:
        return ()
    found = [(str(chapter.title), _places(chapter.ways, actor, path)) for chapter in all_of_them]
    return tuple((title, places) for title, places in found if places)


@lru_cache(maxsize=1024)
def drawn(found: Navigation) -> SafeString:
    """The places as HTML, kept: every page shows them twice, and few lists there are."""
    return render_to_string("components/places.html", {"chapters": found}) if found else SafeString()


def _places(ways: tuple[Way, ...], actor: Actor, path: str) -> tuple[Place, ...]:
    found = [(way, _address(way.url_name)) for way in ways if _is_open(way, actor)]
    return tuple(Place(str(way.label), way.icon, url, _is_under(path, url)) for way, url in found)


def _is_open(way: Way, actor: Actor) -> bool:
    needed = way.permission if isinstance(way.permission, tuple) else (way.permission,)
    return any(one is None or any(actor.holdings_with(one)) for one in needed)


def address(url_name: str) -> str:
    """The address behind a name, or nothing while its room is not installed."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def role_names(actor: Actor) -> str:
    """The person's roles in the page's language."""
    chinese = is_chinese(translation.get_language() or "")
    meanings = {holding.role: ROLES[holding.role] for holding in actor.holdings}
    return ("、" if chinese else ", ").join(m.name_zh if chinese else m.name_en for m in meanings.values())


def _is_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)

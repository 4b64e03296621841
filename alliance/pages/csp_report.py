"""Where browsers say that a page tried what its policy forbids."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024
MOST_REPORTS = 10
MOST_TEXT = 100
DIRECTIVES = ("effective-directive", "violated-directive", "effectiveDirective")
PAGES = ("document-uri", "documentURL")
BLOCKED = ("blocked-uri", "blockedURL")


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """One line in the log for each violation; the answer is the same whatever was sent."""
    for directive, page, blocked in _violations(request.read(MOST_BYTES + 1)):
        logger.warning("a page was kept from something: %s at %s, %s", directive, page, blocked)
    return HttpResponse(status=204)


def _violations(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Directive, page and what was blocked; addresses without their parameters."""
    try:
        said = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return
    for one in (said if isinstance(said, list) else [said])[:MOST_REPORTS]:
        report = one.get("csp-report", one.get("body")) if isinstance(one, dict) else None
        if isinstance(report, dict):
            yield _first(report, DIRECTIVES), _place(_first(report, PAGES)), _place(_first(report, BLOCKED))


def _first(report: dict[str, Any], names: tuple[str, ...]) -> str:
    found = next((report[name] for name in names if isinstance(report.get(name), str)), "?")
    return ascii(found[:MOST_TEXT])


def _place(address: str) -> str:
    """An address may hold a secret behind its question mark."""
    try:
        parts = urlsplit(address.strip("'"))
    except ValueError:
        return "?"
    return ascii(f"{parts.scheme}:{parts.netloc}{parts.path}" if parts.netloc else parts.path)

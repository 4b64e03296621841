"""Versions: a change says which state of the thing it was made from (ETag and If-Match)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.errors import Stale
from accounts.problems import VersionRequired

MISSING = _("Send the ETag you read in the header If-Match, so that nobody's change is overwritten.")
OUTDATED = _("If-Match does not hold the present ETag of this resource. Read it again.")
ETAG = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """The entity tag of a version: 3 is ``"3"``."""
    return f'"{version}"'


def asked_version(request: Request) -> int:
    """The version in If-Match.

    Raises:
        VersionRequired: there is none; ``*`` names no version.
        Stale: it is no tag of ours, so it cannot be the present one.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        raise VersionRequired(MISSING)
    match = ETAG.fullmatch(given)
    if match is None:
        raise Stale(OUTDATED)
    return int(match[1])


def digest_etag(shown: Any) -> str:
    """The entity tag of a thing without a counter: made of everything that is shown of it."""
    text = json.dumps(shown, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def check_digest(request: Request, shown: Any) -> None:
    """Pass when If-Match holds the tag of what is shown now.

    Raises:
        VersionRequired, Stale: as ``asked_version``.
    """
    check_tag(request, digest_etag(shown))


def check_tag(request: Request, tag: str) -> None:
    """Pass when If-Match holds this very tag.

    Raises:
        VersionRequired, Stale: as ``asked_version``.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        raise VersionRequired(MISSING)
    if given != tag:
        raise Stale(OUTDATED)

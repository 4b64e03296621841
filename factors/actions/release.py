"""Freeze what is published under a name, and say what differs between two such states."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from factors import queries
from factors.models import FactorRelease, FactorVersion

PUBLISHED = FactorVersion.Status.PUBLISHED
LONGEST_NOTE = 2000
NAME = re.compile("[A-Za-z0-9_-]+")
"""A release is found by its name in an address."""
PUT_IN = """
INSERT INTO factors_releasedversion (release_id, version_id)
SELECT %s, id FROM factors_factorversion WHERE status = 'published' AND company_id IS NULL
"""
MEMBERS = """
SELECT factor.code, version.uuid::text, version.digest FROM factors_releasedversion member
JOIN factors_factorversion version ON version.id = member.version_id
JOIN factors_factor factor ON factor.id = version.factor_id
WHERE member.release_id = %s ORDER BY factor.code COLLATE "C", version.uuid
"""


@transaction.atomic
def release_factors(*, by: Actor, name: str, note: str = "", at: datetime | None = None) -> FactorRelease:
    """Freeze every published version under a name.

    Raises:
        NotAllowed: only curators release.
        Refusal: the name is taken or fits into no address, or nothing is published.
    """
    require(by, Permission.PUBLISH_FACTOR)
    code = checks.text(name, field="name", longest=40, required=True)
    if not NAME.fullmatch(code):
        message = _("The name of a release consists of the letters a to z, digits and the signs - and _.")
        raise Refusal(message, field="name", code="invalid_code")
    said = checks.text(note, field="note", longest=LONGEST_NOTE)
    with connection.cursor() as cursor:
        # as whoever publishes or withdraws does: nothing changes between the copy and its checksum
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('factors.change_number'))")
        count = FactorVersion.objects.filter(status=PUBLISHED, company=None).count()
        if not count:
            raise Refusal(_("Nothing is published yet, so there is nothing to release."), code="nothing")
        taken = Refusal(_("There is a release of this name already."), field="name", code="duplicate_code")
        with checks.refusing({"factors_factorrelease_name_key": taken}):
            cursor.execute("SELECT nextval(pg_get_serial_sequence('factors_factorrelease', 'id'))")
            (key,) = cursor.fetchone()
            release = FactorRelease(
                pk=key, name=code, note=said, versions=count, digest=_digest(_published()),
                released_by_id=by.user_id, released_at=at or timezone.now(),
            )  # fmt: skip
            release.save(force_insert=True)
        cursor.execute(PUT_IN, [key])
    return release


def is_intact(release: FactorRelease) -> bool:
    """Whether its versions still have the checksum that was written down."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [release.pk])
        return _digest(cursor.fetchall()) == release.digest


@dataclass(frozen=True)
class Difference:
    """What came, what took another's place (old, new), and what went, by code of the factor."""

    added: tuple[FactorVersion, ...]
    changed: tuple[tuple[FactorVersion, FactorVersion], ...]
    withdrawn: tuple[FactorVersion, ...]


def difference(actor: Actor, before: FactorRelease, after: FactorRelease) -> Difference:
    """From one release to another; a version changed when one at the same place took over."""
    versions = queries.all_versions(actor)
    old = versions.filter(releases__release=before).exclude(releases__release=after)
    new = versions.filter(releases__release=after).exclude(releases__release=before)
    there = {_place(version): version for version in old}
    changed, added = [], []
    for version in new.order_by("factor__code", "number"):
        was = there.pop(_place(version), None)
        if was is None:
            added.append(version)
        else:
            changed.append((was, version))
    gone = sorted(there.values(), key=lambda version: (version.factor.code, version.number))
    return Difference(tuple(added), tuple(changed), tuple(gone))


def _place(version: FactorVersion) -> tuple[object, ...]:
    return (
        version.factor_id, version.source_id, version.geography, version.reference_year, version.technology,
        version.scope, version.boundary,
    )  # fmt: skip


def _published() -> Iterable[tuple[str, str, str]]:
    rows = FactorVersion.objects.filter(status=PUBLISHED, company=None)
    listed = rows.values_list("factor__code", "uuid", "digest").iterator(chunk_size=10_000)
    return sorted((code, str(uuid), digest) for code, uuid, digest in listed)


def _digest(rows: Iterable[tuple[str, str, str]]) -> str:
    """Over one line for each version: code, uuid and checksum of its content."""
    total = hashlib.sha256()
    for row in sorted(rows):
        total.update("\t".join(row).encode() + b"\n")
    return total.hexdigest()

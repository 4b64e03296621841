"""Sign a prepared release, by two people, and enter it into the ledger."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import checks
from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.moving import checked, write_move
from footprint.benchmark.actions.latest import require_approved, require_latest
from footprint.benchmark.models import Definition, Release
from footprint.benchmark.procedure import RELEASE
from footprint.publication.models import SigningKey
from footprint.publication.signing import key_id, private_key, public_part, sign

LONGEST = 2000


@transaction.atomic
def move_release(
    release: Release,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Release:
    """Sign, release, send back or discard.

    Raises:
        NotAllowed: another role, or somebody who had a hand in it before.
        Refusal: not from this state, of a comparison that was retired, or after a later epoch. Stale.
        NoKey: nothing can be signed here.
    """
    said = checks.text(reason, field="reason", longest=LONGEST)
    deeds = {
        "propose": [release.definition.proposed_by_id],
        "prepare": [release.prepared_by_id],
        "sign": [release.signed_by_id],
    }
    chosen = checked(RELEASE, move, release, by=by, deeds=deeds, reason=said)
    changes: dict[str, Any] = {"reason": said}
    if move in ("sign", "release"):
        require_approved(release.definition)
        require_latest(release)
    if move == "sign":
        changes |= {"signed_by": by.user_id, "signed_at": at}
    elif move == "send_back":
        changes |= {"signed_by": None, "signed_at": None}
    elif move == "release":
        changes |= _entered(release, by, at)
    write_move(release, chosen, version=version, **changes)
    return release


SALT_BYTES = 16


def _entered(release: Release, by: Actor, at: datetime) -> dict[str, Any]:
    """The next entry of the ledger: it names the hash of the one before."""
    before = Release.objects.filter(number__isnull=False).order_by("-number").first()
    key = private_key()
    SigningKey.objects.get_or_create(
        key_id=key_id(key), defaults={"public": public_part(key), "first_used_at": at}
    )
    number = before.number + 1 if before and before.number else 1
    content = {
        "number": number,
        "previous": before.content_hash if before else "",
        "release": str(release.uuid),
        "epoch": release.epoch,
        "definition": _told(release.definition),
        "figures": release.figures,
        "parts": release.parts,
        "trend": release.trend,
        "groups": release.groups,
        "gates": release.gates_told,
        "signedBy": {"steward": _person(release.signed_by), "compliance": str(by.uuid or by.user_id)},
        "signedAt": {"steward": _moment(release.signed_at), "compliance": at.isoformat()},
        # everybody is shown the hash: figures of two digits could be tried until it fits
        "salt": secrets.token_hex(SALT_BYTES),
    }
    return {
        "number": number,
        "content": content,
        "content_hash": content_hash(content),
        "key_id": key_id(key),
        "jws": sign(content, key),
        "released_by": by.user_id,
        "released_at": at,
    }


def _told(definition: Definition) -> dict[str, Any]:
    profile = definition.profile_version
    return {
        "id": str(definition.uuid),
        "category": definition.category.code,
        "technology": definition.technology,
        "region": definition.region,
        "boundary": definition.boundary,
        "profile": profile.profile.code,
        "profileVersion": profile.number,
        "year": definition.year,
        "unit": definition.category.unit,
    }


def _person(person: Any) -> str:
    return str(person.uuid) if person else ""


def _moment(when: datetime | None) -> str:
    return when.isoformat() if when else ""

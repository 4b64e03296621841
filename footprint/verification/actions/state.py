"""Record a verification body's statement, signed over; the platform certifies nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.canonical import content_hash
from accounts.errors import Refusal
from footprint.publication.models import SigningKey
from footprint.publication.signing import key_id, private_key, public_part, sign
from footprint.verification import queries
from footprint.verification.actions.engagement import LONGEST, carry, require_at_work
from footprint.verification.models import Dossier, Engagement, VerificationStatement
from footprint.verification.standing import valid_until

FORMAT = "pcf-verification-1"
Outcome = VerificationStatement.Outcome


@transaction.atomic
def record_statement(
    engagement: Engagement, *, by: Actor, at: datetime, outcome: str, text: str, version: int | None = None
) -> VerificationStatement:
    """What the body states, about what was published, on which ground; written once.

    Raises:
        NotAllowed; Refusal: a finding is open, nothing was calculated again; Stale.
    """
    require_at_work(engagement, by, "reported")
    chosen = checks.choice(outcome, Outcome.values, field="outcome")
    said = checks.text(text, field="text", longest=LONGEST, required=True)
    if queries.findings(by, engagement).filter(closed_at__isnull=True).exists():
        raise Refusal(_("Close every finding first; the company has to answer each."), code="findings_open")
    if engagement.tested_at is None:
        raise Refusal(_("Have the figure calculated again first."), code="not_tested")
    found = queries.dossier(by, engagement)
    assert found is not None
    told = _content(engagement, found, by=by, at=at, outcome=chosen, text=said)
    key = private_key()
    SigningKey.objects.get_or_create(
        key_id=key_id(key), defaults={"public": public_part(key), "first_used_at": at}
    )
    carry(engagement, "state", by=by, at=at, version=version)
    today = timezone.localdate(at)
    made = VerificationStatement(
        company_id=engagement.company_id,
        engagement=engagement,
        publication_id=engagement.publication_id,
        level=engagement.level,
        outcome=chosen,
        stated_on=today,
        valid_until=valid_until(today),
        content=told,
        content_hash=content_hash(told),
        jws=sign(told, key),
        key_id=key_id(key),
    )
    made.save(force_insert=True)
    return made


def _content(
    engagement: Engagement, found: Dossier, *, by: Actor, at: datetime, outcome: str, text: str
) -> dict[str, Any]:
    today = timezone.localdate(at)
    lines = queries.sample(by, engagement)
    return {
        "format": FORMAT,
        "engagement": str(engagement.uuid),
        "publication": found.declared["id"],
        "contentHash": content_hash(found.declared),
        "body": {"nameZh": engagement.body.name_zh, "nameEn": engagement.body.name_en},
        "level": engagement.level,
        "standard": engagement.standard,
        "scope": engagement.scope,
        "independence": engagement.declaration,
        "outcome": outcome,
        "text": text,
        "statedOn": today.isoformat(),
        "validUntil": valid_until(today).isoformat(),
        "sample": {"lines": lines.count(), "seed": str(engagement.seed), "size": engagement.sample_size},
        "findings": {
            severity: queries.findings(by, engagement).filter(severity=severity).count()
            for severity in ("note", "minor", "material")
        },
        "testRun": engagement.test_run,
    }

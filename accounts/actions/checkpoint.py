"""Verify every chain and sign how they stand."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts import audit_checkpoint as paper
from accounts import audit_queries
from accounts.actor import Actor
from accounts.audit_chain import Head, Verification
from accounts.models import AuditChain, AuditCheckpoint, AuditLeaf
from accounts.visibility import acting_as

WHOLE_EVERY = timedelta(days=1)
"""A chain is walked from where it was verified last, and once a day from its beginning."""
LONGEST_FINDING = 300


def make_checkpoint(*, at: datetime, key: Ed25519PrivateKey) -> AuditCheckpoint:
    """A signed checkpoint over all chains as they stand, each verified as far as it was not yet.

    A chain that does not verify is signed nevertheless: that it was found so, and when, is worth keeping.
    """
    with acting_as(Actor.worker()):
        parts = [_part(chain, at) for chain in AuditChain.objects.order_by("name")]
        leaves = [paper.leaf(part.chain, part.position, part.head, part.blinding) for part in parts]
        signed = paper.sign(key, at=audit_queries.moment(at), leaves=leaves)
        made = AuditCheckpoint.objects.create(
            at=at,
            line=signed.line,
            public_key=paper.public_bytes(key).hex(),
            leaves=[each.hex() for each in leaves],
        )
        for index, part in enumerate(parts):
            part.checkpoint, part.index = made, index
        AuditLeaf.objects.bulk_create(parts)
    return made


def _part(chain: AuditChain, at: datetime) -> AuditLeaf:
    after = _verified_before(chain, at)
    walk = Verification(chain.name, after=after)
    walk.take(audit_queries.stored_entries(chain, after=walk.position, until=chain.position))
    findings: Iterable[Any] = walk.finish(Head(chain.position, chain.head))
    return AuditLeaf(
        company_id=chain.company_id,
        chain=chain.name,
        position=chain.position,
        head=chain.head,
        blinding=secrets.token_hex(32),
        verified_from=1 if after is None else after.position + 1,
        finding=next((str(one)[:LONGEST_FINDING] for one in findings), ""),
    )


def _verified_before(chain: AuditChain, at: datetime) -> Head | None:
    """Where to go on from, or None to walk the whole chain."""
    earlier = AuditLeaf.objects.filter(chain=chain.name)
    latest = earlier.order_by("-checkpoint_id").first()
    is_due = not earlier.filter(verified_from=1, checkpoint__at__gt=at - WHOLE_EVERY).exists()
    if latest is None or is_due or not latest.is_sound or latest.position > chain.position:
        return None
    return Head(latest.position, latest.head)

"""Verify the stored log against itself, the stored checkpoints, and those that members hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from accounts import audit_queries
from accounts.audit_chain import Entry, Finding, Head, Verification
from accounts.audit_checkpoint import BadCheckpoint, Held, held
from accounts.models import AuditChain, AuditLeaf, AuditSeal

BATCH = 1000


def verify_stored(
    chain: AuditChain, *, kept: Sequence[Held] = (), keys: Mapping[str, bytes] | None = None
) -> list[Finding]:
    """Everything that is wrong with a stored chain; ``keys`` are those that may have signed checkpoints."""
    stored, findings = _stored_checkpoints(chain, keys)
    walk = Verification(chain.name, held=[*kept, *stored])
    digests: dict[str, int] = {}
    walk.take(_noting_seals(audit_queries.stored_entries(chain), digests))
    findings += walk.finish(Head(chain.position, chain.head))
    return findings + list(_broken_seals(chain, digests))


def vanished(names: Iterable[str], kept: Sequence[Held] = ()) -> list[Finding]:
    """Chains that a checkpoint saw and that are not there any more."""
    seen = {*AuditLeaf.objects.values_list("chain", flat=True).distinct(), *(one.chain for one in kept)}
    return [Finding(0, f"the chain {name} is gone: a checkpoint saw it") for name in sorted(seen - {*names})]


def _stored_checkpoints(
    chain: AuditChain, keys: Mapping[str, bytes] | None
) -> tuple[list[Held], list[Finding]]:
    sound: list[Held] = []
    findings: list[Finding] = []
    parts = AuditLeaf.objects.filter(chain=chain.name).select_related("checkpoint").order_by("checkpoint_id")
    for part in parts.iterator(BATCH):
        try:
            sound.append(held(audit_queries.proof_of(part, chain.code), keys))
        except (BadCheckpoint, IndexError, ValueError) as bad:
            findings.append(
                Finding(0, f"the stored checkpoint of {part.checkpoint.at:%Y-%m-%d %H:%M}: {bad}")
            )
    return sound, findings


def _noting_seals(entries: Iterable[Entry], digests: dict[str, int]) -> Iterator[Entry]:
    for entry in entries:
        if '"sealed"' in entry.facts:
            digests |= dict.fromkeys(_sealed(json.loads(entry.facts)), entry.position)
        yield entry


def _sealed(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if set(told) == {"sealed"}:
            yield str(told["sealed"])
        for inner in told.values():
            yield from _sealed(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _sealed(inner)


def _broken_seals(chain: AuditChain, digests: Mapping[str, int]) -> Iterator[Finding]:
    """Sealed values that do not fit the hash in the chain, or are gone."""
    rows = AuditSeal.objects.filter(company=chain.company_id).values_list("digest", "salt", "value")
    sound = {
        digest
        for digest, salt, value in rows.iterator(BATCH)
        if hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest() == digest
    }
    for digest, position in digests.items():
        if digest not in sound:
            yield Finding(position, "a sealed value was edited or removed")

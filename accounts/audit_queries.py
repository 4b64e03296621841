"""Questions about the audit log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts import audit_checkpoint as paper
from accounts.actor import Actor
from accounts.audit_chain import Entry
from accounts.models import AuditChain, AuditCheckpoint, AuditEntry, AuditLeaf, Company

CHUNK = 2000
REMEMBERED_SECONDS = 30.0
STORED = ("position", "at", "actor", "request", "action", "subject", "about", "text", "previous", "hash")

_latest: tuple[float, str] = (float("-inf"), "")


def moment(at: datetime) -> str:
    """A time as the chain writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def chains(actor: Actor) -> QuerySet[AuditChain]:
    """The chains whose state the actor may know."""
    return AuditChain.objects.visible_to(actor).select_related("company").order_by("code", "name")


def entries(actor: Actor, company_id: int | None) -> QuerySet[AuditEntry]:
    """What the actor may read of one chain, the latest first."""
    return AuditEntry.objects.visible_to(actor).filter(company=company_id).order_by("-position")


def history(actor: Actor, about: UUID) -> QuerySet[AuditEntry]:
    """Everything that was done to a thing and to what it is made of, the latest first."""
    return AuditEntry.objects.visible_to(actor).filter(about__contains=[about]).order_by("-pk")


def is_audited(actor: Actor, uuid: UUID) -> bool:
    """Whether a thing belongs to a company whose log the actor reads, though nothing is recorded of it."""
    return any(
        model._default_manager.filter(uuid=uuid, company__in=actor.audited_ids).exists()
        for model in apps.get_models()
        if {"uuid", "company"} <= {field.name for field in model._meta.fields}
    )


def latest_part(actor: Actor, chain: AuditChain) -> AuditLeaf | None:
    """The chain's part of the latest checkpoint."""
    parts = AuditLeaf.objects.visible_to(actor).filter(chain=chain.name).select_related("checkpoint")
    return parts.order_by("-checkpoint_id").first()


def latest_parts(actor: Actor) -> dict[str, AuditLeaf]:
    """The parts of the latest checkpoint, by chain."""
    latest = AuditCheckpoint.objects.order_by("-pk").values("pk")[:1]
    parts = AuditLeaf.objects.visible_to(actor).filter(checkpoint__in=latest).select_related("checkpoint")
    return {part.chain: part for part in parts}


def proof(actor: Actor, company: Company) -> dict[str, Any] | None:
    """The latest checkpoint with the company's own path to its root, for the company to keep."""
    chain = chains(actor).filter(company=company).first()
    part = latest_part(actor, chain) if chain else None
    return proof_of(part, company.code) if part else None


def proof_of(part: AuditLeaf, code: str) -> dict[str, Any]:
    """The file that proves one chain's part of a checkpoint."""
    own = {
        "chain": part.chain,
        "position": part.position,
        "head": part.head,
        "blinding": part.blinding,
        "index": part.index,
    }
    leaves = [bytes.fromhex(each) for each in part.checkpoint.leaves]
    return paper.proof(
        part.checkpoint.line, public_key=part.checkpoint.public_key, company=code, part=own, leaves=leaves
    )


def head_line() -> str:
    """The latest checkpoint as one line, asked of the database now and then; empty before the first."""
    global _latest
    asked, line = _latest
    if time.monotonic() - asked > REMEMBERED_SECONDS:
        line = AuditCheckpoint.objects.order_by("-pk").values_list("line", flat=True).first() or ""
        _latest = (time.monotonic(), line)
    return line


def forget_head_line() -> None:
    """Ask anew at the next call."""
    global _latest
    _latest = (float("-inf"), "")


def public_keys() -> list[bytes]:
    """Every key that ever signed a checkpoint."""
    found = AuditCheckpoint.objects.order_by("public_key").values_list("public_key", flat=True).distinct()
    return [bytes.fromhex(each) for each in found]


def stored_entries(chain: AuditChain, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
    """The entries of a chain as they are hashed, in order; for whoever verifies or exports it."""
    rows = AuditEntry.objects.filter(company=chain.company_id, position__gt=after)
    if until is not None:
        rows = rows.filter(position__lte=until)
    told = rows.annotate(text=Cast("facts", TextField())).order_by("position").values_list(*STORED)
    for position, at, actor, request, action, subject, about, facts, previous, hashed in told.iterator(CHUNK):
        yield Entry(
            position=position,
            at=moment(at),
            actor=actor,
            request=str(request or ""),
            action=action,
            subject=subject,
            about=",".join(map(str, about)),
            facts=facts,
            previous=previous,
            hash=hashed,
        )

"""The audit log: one hash chain per company and one of the alliance, and the checkpoints over all of them.

Rows are written by the database alone (``accounts/audit_sql.py``), checkpoints by the worker; nothing is ever
changed or removed. The chain outlives its company, so no foreign key of the database binds the two.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.company import Company
from accounts.roles import Permission
from accounts.visibility import TenantQuerySet


class ExactDecoder(json.JSONDecoder):
    """Numbers with every digit they were stored with."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


def _company(**options: Any) -> Any:
    return models.ForeignKey(
        Company, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", **options
    )


class AuditQuerySet(TenantQuerySet["AuditEntry"]):
    """Entries of the chains an actor may read, and in the alliance's chain the actor's own deeds."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company__isnull=True, actor=actor.signature) if actor.is_known else Q(pk__in=[])
        return _audited(actor) | own


class AuditMetaQuerySet(TenantQuerySet[Any]):
    """How long chains are and how they were verified; the system administrator sees that of all."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q() if actor.watches else _audited(actor)


class SealQuerySet(TenantQuerySet["AuditSeal"]):
    """Sealed values, for those who may read the company's prices and its audit log."""

    def visibility(self, actor: Actor) -> Q:
        """Both permissions in the same company."""
        priced = actor.companies_with(Permission.READ_PRICES)
        return Q(company_id__in=priced.intersection(actor.company_ids, actor.audited_ids))


def _audited(actor: Actor) -> Q:
    found = Q(company_id__in=[one for one in actor.audited_ids if one])
    return found | Q(company__isnull=True) if 0 in actor.audited_ids else found


class AuditChain(models.Model):
    """The head of one chain. ``name`` is the company's uuid, or "alliance"."""

    company = _company(null=True)
    name = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=40, blank=True)
    position = models.BigIntegerField()
    head = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(AuditMetaQuerySet)()

    class Meta:
        verbose_name = _("hash chain")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], nulls_distinct=False, name="audit_one_chain_per_company"
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.name


class AuditEntry(models.Model):
    """Who did what, when, to what; what it was before and after.

    ``subject`` is a table or a thing that was asked for. ``about`` holds the public identifiers of the rows
    and of what they are a part of. ``facts``: {"rows": [{"id", "before", "after"}]} of changed rows, else
    what there is to say. Company null: the chain of the alliance.
    """

    class Action(models.TextChoices):
        """What can be done; rooms may record further words of their own."""

        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REMOVED = "removed", _("Removed")
        EMPTIED = "emptied", _("Emptied")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        DENIED = "denied", _("Turned away")
        DOWNLOADED = "downloaded", _("Downloaded")
        EXPORTED = "exported", _("Exported")
        READ = "read", _("Read")
        TOKEN_ISSUED = "token_issued", _("Access token issued")
        TOKEN_REFUSED = "token_refused", _("Access token refused")
        SESSION_ENDED = "session_ended", _("Session ended")
        RETRIED = "retried", _("Tried again")
        TAKEN_IN = "taken_in", _("Taken in")

    company = _company(null=True, db_index=False)
    position = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    request = models.UUIDField(null=True)
    action = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    about = ArrayField(models.UUIDField())
    facts = models.JSONField(decoder=ExactDecoder)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "position"], nulls_distinct=False, name="audit_position_once"
            ),
            models.CheckConstraint(
                condition=~Q(actor__contains="\n") & ~Q(action__contains="\n") & ~Q(subject__contains="\n"),
                name="audit_fields_are_one_line",
            ),
        ]
        indexes = [
            GinIndex(fields=["about"], name="audit_about"),
            BrinIndex(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action} {self.subject}"


class AuditSeal(models.Model):
    """A price that the chain holds as a hash: SHA-256 of salt, line end, value."""

    company = _company()
    digest = models.CharField(max_length=64, unique=True)
    salt = models.UUIDField()
    value = models.TextField()

    objects = models.Manager.from_queryset(SealQuerySet)()

    class Meta:
        verbose_name = _("sealed value")

    def __str__(self) -> str:
        return self.digest


class AuditCheckpoint(models.Model):
    """All chains at one moment, signed. ``leaves`` are the leaf hashes in order; they tell nothing."""

    at = models.DateTimeField()
    line = models.CharField(max_length=300)
    public_key = models.CharField(max_length=64)
    leaves = ArrayField(models.CharField(max_length=64))

    class Meta:
        verbose_name = _("checkpoint")

    def __str__(self) -> str:
        return self.line


class AuditLeaf(models.Model):
    """One chain's part of a checkpoint, with what verifying it found.

    ``verified_from`` is the entry the verification began at; 1 says that the whole chain was walked.
    """

    checkpoint = models.ForeignKey(AuditCheckpoint, on_delete=models.PROTECT, related_name="parts")
    company = _company(null=True)
    chain = models.CharField(max_length=60)
    index = models.PositiveIntegerField()
    position = models.BigIntegerField()
    head = models.CharField(max_length=64)
    blinding = models.CharField(max_length=64)
    verified_from = models.BigIntegerField()
    finding = models.CharField(max_length=300, blank=True)

    objects = models.Manager.from_queryset(AuditMetaQuerySet)()

    class Meta:
        verbose_name = _("checkpoint leaf")
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "chain"], name="audit_leaf_once"),
        ]
        indexes = [models.Index(fields=["chain", "-checkpoint"], name="audit_leaf_latest")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.finding

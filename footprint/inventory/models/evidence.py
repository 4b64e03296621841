"""Files that a line rests on: meter readings, invoices, laboratory reports."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, Func, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.visibility import TenantQuerySet
from footprint.inventory.models.inventory import Inventory
from footprint.inventory.models.submission import FrozenCopy

NAMED = "$.processes[*].lines[*] ? (@.uuid == $line).evidence[*] ? (@.sha256 == $sha256)"
"""Where a frozen copy names a file."""


class NamesFile(Func):
    """Whether a frozen copy names a file, by its hash, with a line."""

    function = "jsonb_path_exists"
    arg_joiner = f", '{NAMED}', "  # a path has no place for values: they come after it
    output_field = models.BooleanField()


class EvidenceQuerySet(TenantQuerySet["EvidenceFile"]):
    """Files of one's own company; for reviewers those that a copy in review names."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        return own | Q(Exists(naming_copies(actor))) if actor.reviews else own


def naming_copies(actor: Actor) -> models.QuerySet[FrozenCopy]:
    """The copies the actor sees that name the file of the row outside."""
    told = JSONObject(line=OuterRef("line"), sha256=OuterRef("sha256"))
    copies = FrozenCopy.objects.visible_to(actor).filter(company_id=OuterRef("company_id"))
    return copies.filter(NamesFile("content", told))


class EvidenceFile(models.Model):
    """One file of one line. What was taken away stays: a copy that was handed in may name it.

    ``line`` is the public identifier of the line, which may be gone by now; the bytes lie apart, once for a
    company, under their hash.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="+")
    line = models.UUIDField(_("line"))
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(_("removed at"), null=True)

    objects = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name = _("evidence file")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "sha256"], condition=Q(removed_at__isnull=True), name="evidence_once_a_line"
            ),
        ]
        indexes = [models.Index(fields=["inventory", "line"], name="evidence_by_line")]

    def __str__(self) -> str:
        return self.name


class ContentQuerySet(TenantQuerySet["EvidenceContent"]):
    """The bytes of files that the actor sees."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        seen = EvidenceFile.objects.visible_to(actor).filter(
            company_id=OuterRef("company_id"), sha256=OuterRef("sha256")
        )
        return own | Q(Exists(seen)) if actor.reviews else own


class EvidenceContent(models.Model):
    """The bytes of a file, under their hash. Written once; nothing of them is ever read by the platform."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    objects = models.Manager.from_queryset(ContentQuerySet)()

    class Meta:
        verbose_name = _("content of an evidence file")
        constraints = [
            models.UniqueConstraint(fields=["company", "sha256"], name="evidence_content_once_a_company"),
        ]

    def __str__(self) -> str:
        return self.sha256

"""Lay a file beside a line, and take it away again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import evidence
from footprint.inventory.models import EvidenceContent, EvidenceFile, Exchange, Inventory


def _gate(inventory: Inventory, by: Actor) -> None:
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)


@transaction.atomic
def add_evidence(line: Exchange, *, by: Actor, at: datetime, name: str, content: bytes) -> EvidenceFile:
    """Keep a file with a line; it is stored under its hash and never opened.

    Raises:
        NotAllowed, Refusal: too large, of another kind than is taken, there already, or one too many.
    """
    inventory = line.process.inventory
    _gate(inventory, by)
    told = checks.text(name.replace("\\", "/"), field="file", longest=1000, required=True)
    name = PurePosixPath(told).name[-200:]
    _check(name, content)
    Exchange.objects.select_for_update(of=("self",)).get(pk=line.pk)
    present = evidence.evidence_of(by, line)
    if present.count() >= evidence.MOST_FILES:
        message = _("A line takes %(most)d files. Take one away first, or join several into one.")
        raise Refusal(message % {"most": evidence.MOST_FILES}, field="file", code="too_many")
    digest = hashlib.sha256(content).hexdigest()
    if present.filter(sha256=digest).exists():
        raise Refusal(_("This very file lies with the line already."), field="file", code="twice")
    EvidenceContent.objects.bulk_create(
        [EvidenceContent(company_id=line.company_id, sha256=digest, content=content)], ignore_conflicts=True
    )
    return EvidenceFile.objects.create(
        company_id=line.company_id,
        inventory=inventory,
        line=line.uuid,
        name=name,
        size=len(content),
        sha256=digest,
        by_id=by.user_id,
        at=at,
    )


@transaction.atomic
def remove_evidence(file: EvidenceFile, *, by: Actor, at: datetime) -> None:
    """Take a file away from its line; a copy that was handed in with it goes on naming it.

    Raises:
        NotAllowed, Refusal: it was taken away before.
    """
    if file.company_id not in by.company_ids:  # who reviews it never sees its inventory
        require(by, Permission.EDIT_INVENTORY, company_id=file.company_id)
    _gate(file.inventory, by)
    rows = EvidenceFile.objects.filter(pk=file.pk, removed_at__isnull=True)
    if not rows.update(removed_at=at):
        raise Refusal(_("This file was taken away already."), code="removed")


def _check(name: str, content: bytes) -> None:
    if not content:
        raise Refusal(_("This file is empty."), field="file", code="required")
    if len(content) > evidence.MOST_BYTES:
        message = _("The file is larger than %(most)s MB.") % {"most": evidence.MOST_BYTES // 2**20}
        raise Refusal(message, field="file", code="too_large")
    if not evidence.is_what_it_says(name, content):
        message = _("This is none of the files that are taken: %(kinds)s. Its content decides, not its name.")
        kinds = _(", ").join(evidence.BEGINNINGS)
        raise Refusal(message % {"kinds": kinds}, field="file", code="other_kind")

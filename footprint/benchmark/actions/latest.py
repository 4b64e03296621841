"""What a release may still become: of a comparison that stands, and of its latest epoch."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.errors import Refusal
from footprint.benchmark.models import Definition, Release


def require_approved(definition: Definition) -> None:
    """Pass while the comparison stands. Raises Refusal."""
    if definition.state != Definition.State.APPROVED:
        message = _("Only an approved comparison is released. Have it approved first.")
        raise Refusal(message, code="not_approved")


def require_latest(release: Release) -> None:
    """Pass unless a later epoch of the same comparison is out: an older one never takes its place.

    Raises:
        Refusal.
    """
    later = Release.objects.filter(
        definition_id=release.definition_id, state=Release.State.RELEASED, epoch__gt=release.epoch
    )
    if found := later.order_by("-epoch").first():
        message = _(
            "A later epoch of this comparison is released, %(epoch)s, and an older one cannot take its "
            "place. Use that one."
        )
        raise Refusal(message % {"epoch": found.epoch}, code="not_latest")

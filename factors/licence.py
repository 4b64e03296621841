"""The licence gate: whether numbers of a source may leave, asked by every export and by the interface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import Text
from factors.models import Source

REASONS: dict[str, Text] = {
    Source.Redistribution.YES: "",
    Source.Redistribution.LINK_ONLY: _(
        "The licence of the source lets its numbers be linked to, not passed on. Look them up at the source."
    ),
    Source.Redistribution.NO: _(
        "The licence of the source keeps its numbers on this platform. They can be used here, not taken away."
    ),
}


def withheld(source: Source) -> Text:
    """Why the numbers of a source stay here; empty where they may leave."""
    return REASONS[source.redistribution]

"""What a version of a rule can be compared with: other versions, and its own draft of an earlier round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actor import Actor
from footprint.rules import queries
from footprint.rules.document.content import RuleDocument
from footprint.rules.document.lifecycle import State
from footprint.rules.models import ProductRule


@dataclass(frozen=True)
class Earlier:
    """``value`` names it in an address: "2" a version, "round-1" the draft that was commented on then."""

    value: str
    label: str
    content: RuleDocument

    @property
    def file_part(self) -> str:
        """What a file is called after."""
        return f"v{self.value}" if self.value.isdecimal() else self.value


def comparable(actor: Actor, found: ProductRule, versions: Sequence[ProductRule]) -> list[Earlier]:
    """Drafts of earlier rounds before other versions, each the latest first."""
    return [*_rounds(actor, found), *(_version(each) for each in versions if each.pk != found.pk)]


def last_round(actor: Actor, found: ProductRule) -> Earlier | None:
    """The draft of the round before the one that is open, or of the last one."""
    return next(iter(_rounds(actor, found)), None)


def _rounds(actor: Actor, found: ProductRule) -> list[Earlier]:
    open_round = found.comment_round if found.state == State.COMMENTING else None
    return [
        Earlier(f"round-{number}", _("Draft of round %(number)s") % {"number": number}, each.content)
        for number, each in queries.drafts_commented_on(actor, found).items()
        if number != open_round
    ]


def _version(each: ProductRule) -> Earlier:
    label = _("Version %(number)s") % {"number": each.number}
    return Earlier(str(each.number), f"{label} · {each.get_state_display()}", each.content)

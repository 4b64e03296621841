"""What a reviewer answers before an acceptance: the rules of each product category, point by point.

Points are the parts of a rule document, so a rule that is said once is asked once; their words come from the
document in force, or the draft on trial, for the categories of what the copy says was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy

from accounts.actor import Actor
from accounts.errors import Text
from accounts.figures import is_chinese
from footprint.inventory import submissions
from footprint.inventory.models import ChecklistAnswer, Submission
from footprint.rules import queries as rules
from footprint.rules.document.text import Paragraph, statements
from footprint.rules.models import ProductCategory

POINTS: dict[str, Text] = {
    "unit": gettext_lazy("The declared unit is that of the rule"),
    "boundary": gettext_lazy("Everything within the system boundary is there"),
    "exchange": gettext_lazy("Required exchanges are there, forbidden ones are not"),
    "allocation": gettext_lazy("Co-products share the burden as the rule orders"),
    "cut_off": gettext_lazy("What is cut off is small enough, and said"),
    "closure": gettext_lazy("Balances close, or what is missing is explained"),
    "quality": gettext_lazy("Data are good and young enough"),
    "gas": gettext_lazy("Every gas of the rule is covered"),
    "band": gettext_lazy("The figure lies where it may be expected, or is explained"),
}


@dataclass(frozen=True)
class Point:
    """One point, what the rule says about it, and how it was answered, if it was."""

    key: str
    title: Text
    rules: Sequence[Paragraph]
    answer: ChecklistAnswer | None


@dataclass(frozen=True)
class Section:
    """The points of one product category, by the version of its rule."""

    category: ProductCategory
    number: int
    points: Sequence[Point]

    @property
    def unanswered(self) -> int:
        """How many points stand before an acceptance."""
        return sum(point.answer is None for point in self.points)


def checklist(actor: Actor, submission: Submission) -> list[Section]:
    """The sections of the round that the actor may see, along the chain; none before a copy is there."""
    copy = submissions.latest_copy(actor, submission)
    codes = {row.get("category", "") for row in copy.figures} if copy else set()
    if copy is None or not codes:
        return []
    given = answers(actor, submission, copy.round)
    names = rules.names_in(actor, is_chinese(get_language() or "zh-hans"))
    applicable = rules.applicable_rules(actor, submission.period_end)
    sections = []
    for category in rules.categories(actor).filter(code__in=codes):
        rule = applicable.get(category.pk)
        if rule is not None:
            told = _by_point(statements(rule.content, names))
            points = [
                Point(key, title, told[key], given.get((category.code, key)))
                for key, title in POINTS.items()
                if told[key]
            ]
            sections.append(Section(category, rule.number, points))
    return sections


def answers(actor: Actor, submission: Submission, of_round: int) -> dict[tuple[str, str], ChecklistAnswer]:
    """What was answered in a round, by category and point."""
    rows = ChecklistAnswer.objects.visible_to(actor).filter(submission=submission, round=of_round)
    return {(row.category, row.point): row for row in rows.select_related("by")}


def unanswered(actor: Actor, submission: Submission) -> int:
    """How many points of all categories wait for an answer."""
    return sum(section.unanswered for section in checklist(actor, submission))


def _by_point(told: dict[str, Paragraph]) -> dict[str, list[Paragraph]]:
    found: dict[str, list[Paragraph]] = defaultdict(list)
    for address, paragraph in told.items():
        found[address.partition(".")[0]].append(paragraph)
    return found

"""How a judged footprint is shown: its findings with their severity, and what keeps it from each level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.errors import Text
from footprint.partners.judging import Judged
from footprint.partners.pact.checking import Severity

SEVERITIES: dict[str, tuple[Text, str]] = {
    Severity.SCHEMA.value: (gettext_lazy("Schema"), "bad"),
    Severity.RULE.value: (gettext_lazy("Rule of PACT"), "wait"),
    Severity.METHOD.value: (gettext_lazy("Methodology"), "note"),
}


@dataclass(frozen=True)
class Shown:
    """What `partners/_judged.html` draws."""

    judged: Judged

    @property
    def rows(self) -> list[tuple[Text, str, Any]]:
        """Severity in words, its tone, the finding."""
        return [(*SEVERITIES[each.severity], each) for each in self.judged.findings]

    @property
    def missing(self) -> list[tuple[int, list[str]]]:
        """The levels that are not reached, with what is missing."""
        return [(level, names) for level, names in self.judged.usability.missing.items() if names]

"""A figure opened level by level: who supplied it, and who supplied them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts import figures
from accounts.charts.chart import Chart, does_not_sum, share_of


@dataclass(frozen=True)
class Branch:
    """A provider with its amount and its part of the figure.

    `children` make up its whole value, what it emits itself among them. `url` gives them later, as a fragment
    of components/tree_branches.html.
    """

    label: str
    value: float
    amount: str = ""
    group: str = "rest"
    href: str = ""
    children: Sequence[Branch] = ()
    url: str = ""
    share: str = ""
    bar: int = 0

    @property
    def text(self) -> str:
        return figures.significant(self.value)

    @property
    def opens(self) -> bool:
        return bool(self.children or self.url)


@dataclass(frozen=True, kw_only=True)
class TreeTable(Chart):
    """A table that opens. It is read by everybody as it is, so it has no drawing and no second table."""

    total: float
    branches: Sequence[Branch]

    @property
    def refusal(self) -> str:
        if unequal := does_not_sum([branch.value for branch in self.branches], self.total):
            return unequal
        waiting = list(self.branches)
        while waiting:
            branch = waiting.pop()
            if branch.children:
                if unequal := does_not_sum([child.value for child in branch.children], branch.value):
                    return f"{branch.label}: {unequal}"
                waiting += branch.children
        return ""

    @property
    def is_empty(self) -> bool:
        return not self.branches

    @property
    def total_text(self) -> str:
        return figures.significant(self.total)

    @property
    def measured(self) -> list[Branch]:
        """The branches, largest first, each with its share of the total and the length of its bar."""
        return measured(self.branches, self.total)


def measured(branches: Sequence[Branch], total: float) -> list[Branch]:
    """Branches and their children, largest first, with their shares of `total`; for later fragments too."""
    return [
        replace(
            branch,
            share=share_of(branch.value, total),
            bar=min(100, round(abs(branch.value / total) * 100)) if total else 0,
            children=measured(branch.children, total),
        )
        for branch in sorted(branches, key=lambda branch: -abs(branch.value))
    ]

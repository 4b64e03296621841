"""Forms about how co-products share a burden: heat and power, recorded answers, prices of several years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import amount_field, named
from footprint.inventory.actions import Carried
from footprint.inventory.models import AllocationAnswer, Exchange, UnitProcess

Method = UnitProcess.Allocation
YES, NO = "yes", "no"
ANOTHER = "another"
"""In place of a year: the row in which a further one is entered."""


CARRIED = ("carrier", "reference_efficiency", "heat_celsius")


class CogenerationForm(forms.Form):
    """Which co-products are heat and which power, and what they are measured by."""

    needed = ("method",)

    method = forms.ChoiceField(
        label=gettext_lazy("Shared by"),
        choices=[(method.value, method.label) for method in (Method.EFFICIENCY, Method.EXERGY)],
    )
    ambient_celsius = amount_field(
        gettext_lazy("Temperature of the surroundings"), suffix="°C", help_text=gettext_lazy("For exergy.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Iterable[Exchange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for number, line in enumerate(self.lines, start=1):
            words = {"product": named(line.product)}
            self.fields[f"carrier_{number}"] = forms.ChoiceField(
                label=_("%(product)s: heat or power") % words,
                required=False,
                choices=[("", "—"), *Exchange.Carrier.choices],
            )
            self.fields[f"reference_efficiency_{number}"] = amount_field(
                _("%(product)s: efficiency of separate production") % words
            )
            self.fields[f"heat_celsius_{number}"] = amount_field(_("%(product)s: mean temperature") % words)

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each co-product with the cells of its row."""
        return [
            (named(line.product), [self[f"{name}_{number}"] for name in CARRIED])
            for number, line in enumerate(self.lines, start=1)
        ]

    @staticmethod
    def known(process: UnitProcess, lines: Sequence[Exchange]) -> dict[str, Any]:
        """What is stored."""
        found: dict[str, Any] = {
            "version": process.version,
            "ambient_celsius": digits(process.ambient_celsius),
            "method": process.allocation_method,
        }
        for number, line in enumerate(lines, start=1):
            found[f"carrier_{number}"] = line.carrier
            found[f"reference_efficiency_{number}"] = digits(line.reference_efficiency)
            found[f"heat_celsius_{number}"] = digits(line.heat_celsius)
        return found

    def stated(self) -> list[Carried]:
        """What was said of each co-product."""
        return [
            Carried(line, *(self.cleaned_data[f"{name}_{number}"] for name in CARRIED))
            for number, line in enumerate(self.lines, start=1)
        ]


class AnswersForm(forms.Form):
    """What is answered to the questions of PACT's tree, and on what grounds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in AllocationAnswer.Question:
            self.fields[f"answer_{question.value}"] = forms.ChoiceField(
                label=question.label,
                required=False,
                choices=[("", _("Not answered: read from the inventory")), (YES, _("Yes")), (NO, _("No"))],
            )
            if question == AllocationAnswer.Question.PHYSICAL:
                self.fields[f"basis_{question.value}"] = forms.ChoiceField(
                    label=_("Physical relation"),
                    required=False,
                    choices=[("", "—"), *AllocationAnswer.Basis.choices],
                )
            self.fields[f"source_{question.value}"] = forms.CharField(
                label=_("Source"), required=False, help_text=_("A rule, a study, or how you know.")
            )

    @staticmethod
    def known(answers: Iterable[AllocationAnswer]) -> dict[str, str]:
        """What is stored."""
        found = {}
        for each in answers:
            found[f"answer_{each.question}"] = YES if each.answer else NO
            found[f"basis_{each.question}"] = each.basis
            found[f"source_{each.question}"] = each.source
        return found

    def stated(self) -> dict[str, dict[str, Any]]:
        """The answers given, by question."""
        said = self.cleaned_data
        return {
            question.value: {
                "answer": said[f"answer_{question.value}"] == YES,
                "basis": said.get(f"basis_{question.value}", ""),
                "source": said[f"source_{question.value}"],
            }
            for question in AllocationAnswer.Question
            if said[f"answer_{question.value}"]
        }


@dataclass(frozen=True)
class PriceCell:
    """One price: of a co-product in a year, or in a year still to be named."""

    line: Exchange
    year: int | None
    price: str


class PricesForm(forms.Form):
    """The prices of every co-product in several years, and a row for one more year."""

    year = forms.IntegerField(label=gettext_lazy("Another year"), required=False)

    def __init__(
        self, *args: Any, lines: Iterable[Exchange], years: Sequence[int], suffix: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.years = list(lines), list(years)
        for year in (*self.years, ANOTHER):
            row = _("Another year") if year == ANOTHER else str(year)
            for number, line in enumerate(self.lines, start=1):
                label = f"{named(line.product)}, {row}"
                field = amount_field(label, suffix=f"{suffix} / {line.unit}")
                self.fields[f"price_{year}_{number}"] = field

    @staticmethod
    def known(prices: Mapping[int, Mapping[int, Any]], lines: Sequence[Exchange]) -> dict[str, Any]:
        """What is stored."""
        return {
            f"price_{year}_{number}": digits(by_line[line.pk].price)
            for year, by_line in prices.items()
            for number, line in enumerate(lines, start=1)
            if line.pk in by_line
        }

    def row(self, year: int | str) -> list[forms.BoundField]:
        """The inputs of a year."""
        return [self[f"price_{year}_{number}"] for number in range(1, len(self.lines) + 1)]

    @property
    def another(self) -> list[forms.BoundField]:
        """The inputs of a further year."""
        return self.row(ANOTHER)

    def stated(self) -> Iterator[tuple[str, PriceCell]]:
        """Every cell that was sent, with its name; an empty one of a further year says nothing."""
        for year in (*self.years, ANOTHER):
            for number, line in enumerate(self.lines, start=1):
                name = f"price_{year}_{number}"
                price = self.cleaned_data[name]
                if name not in self.data:
                    continue
                if isinstance(year, int):
                    yield name, PriceCell(line, year, price)
                elif price:
                    yield name, PriceCell(line, self.cleaned_data["year"], price)


def digits(value: Decimal | None) -> str:
    """An exact number as an input shows it; nothing where there is none."""
    return "" if value is None else format(value, "f")

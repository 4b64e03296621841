"""Shares of single lines: what each input and emission of a process is for, product by product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.asked import AskedRequest
from accounts.forms import amount_field, named
from footprint.inventory import actions, queries
from footprint.inventory.actions import Share
from footprint.inventory.lines import line_name
from footprint.inventory.models import AllocationShare, Exchange, UnitProcess
from footprint.inventory.providers import makes

NAME = "causal"
"""What the set that is entered here is called."""


class LineSharesForm(forms.Form):
    """A row of shares for each line, and one for all lines whose row is empty."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Iterable[Exchange], products: Sequence[Exchange], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[Exchange | None] = [*lines, None]
        self.products = list({line.product_id: line for line in products}.values())
        for row, line in enumerate(self.lines):
            for column, made in enumerate(self.products, start=1):
                label = f"{_row_name(line)}, {named(made.product)}"
                self.fields[f"share_{row}_{column}"] = amount_field(label)

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each line by name, with its inputs."""
        return [(_row_name(line), self._cells(row)) for row, line in enumerate(self.lines)]

    def stated(self) -> list[Share]:
        """The shares of every row in which something stands."""
        found = []
        for row, line in enumerate(self.lines):
            typed = [self.cleaned_data[cell.name] for cell in self._cells(row)]
            if any(typed):
                found += [
                    Share(made.product, share, line) for made, share in zip(self.products, typed, strict=True)
                ]
        return found

    def _cells(self, row: int) -> list[forms.BoundField]:
        return [self[f"share_{row}_{column}"] for column in range(1, len(self.products) + 1)]


def line_shares_form(
    actor: Actor, process: UnitProcess, products: Sequence[Exchange], posted: Any
) -> LineSharesForm:
    """The form, with the shares in force where the process is divided by lines."""
    lines = [line for line in queries.lines(actor).filter(process=process) if not makes(line)]
    form = LineSharesForm(posted, lines=lines, products=products)
    form.initial = _known(queries.line_shares(actor, process), form) | {"version": process.version}
    return form


def save_line_shares(request: AskedRequest, process: UnitProcess, form: LineSharesForm) -> UnitProcess:
    """Put the shares in force. Raises as the action."""
    return actions.set_allocation_shares(
        process, by=request.actor, version=form.cleaned_data["version"], shares=form.stated(), name=NAME
    )


def _known(stored: Iterable[AllocationShare], form: LineSharesForm) -> dict[str, str]:
    rows = {None if line is None else line.pk: row for row, line in enumerate(form.lines)}
    columns = {made.product_id: column for column, made in enumerate(form.products, start=1)}
    return {
        f"share_{rows[each.exchange_id]}_{columns[each.product_id]}": format(each.share, "f")
        for each in stored
        if each.exchange_id in rows and each.product_id in columns
    }


def _row_name(line: Exchange | None) -> str:
    return _("All other lines") if line is None else line_name(line)

"""Forms for every part of a rule document, made from its types: a field that a rule gets, the editor has.

What they hold is checked where every document is: what is wrong with it comes back by its place and lands at
its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, get_type_hints

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal, Text
from accounts.forms import amount_field, refuse
from footprint.rules.document.content import (
    AllocationRule,
    Band,
    Closure,
    CutOff,
    Direction,
    ExchangeRule,
    Flow,
    FlowBy,
    GasRule,
    Mark,
    Quality,
    RuleDocument,
    Source,
    StageRule,
)
from footprint.rules.document.wording import BALANCES, FACTORS, MARKS, METHODS, STAGES, Both, Names, flow

LABELS: dict[str, Text] = {
    "unit": _("Declared unit"),
    "profile": _("Method profile"),
    "unit_source": _("Source of the unit"),
    "unit_mark": _("How far it was checked"),
    "scope_zh": _("Scope in Chinese"),
    "scope_en": _("Scope in English"),
    "key": _("Key"),
    "zh": _("In Chinese"),
    "en": _("In English"),
    "stage": _("Stage"),
    "is_in": _("Within the boundary"),
    "source": _("Source"),
    "mark": _("How far it was checked"),
    "code": _("Code"),
    "presence": _("Required or forbidden"),
    "within": _("Looked for in"),
    "any_of": _("Flows"),
    "note_zh": _("Note in Chinese"),
    "note_en": _("Note in English"),
    "coproduct": _("Beside"),
    "methods": _("Methods in order"),
    "per_flow": _("Of one line"),
    "total": _("Of all together"),
    "balance": _("Balance"),
    "amber": _("Flagged above"),
    "red": _("Failed above"),
    "measured": _("What is measured"),
    "low": _("At least"),
    "high": _("At most"),
    "category": _("Input of"),
    "technology": _("Technology at worst"),
    "time": _("Time at worst"),
    "geography": _("Geography at worst"),
    "oldest_years": _("Oldest factor, years"),
    "allows_proxy": _("Proxy data accepted"),
    "gas": _("Gas"),
    "is_direct": _("Also as a direct emission"),
}
PLAIN: dict[str, tuple[tuple[str, Text], ...]] = {
    "presence": (("required", _("Required")), ("forbidden", _("Forbidden"))),
    "within": (("process", _("The process")), ("site", _("The inventory of the site"))),
    "measured": (("footprint", _("Footprint")), ("input", _("Input of a category"))),
}
WORDS: dict[str, Mapping[str, Both]] = {
    "stage": STAGES,
    "mark": MARKS,
    "unit_mark": MARKS,
    "balance": BALANCES,
}
GENERAL = ("unit", "unit_source", "unit_mark", "profile", "scope_zh", "scope_en")
SINGLE: dict[str, type] = {"cut_off": CutOff, "quality": Quality}
ROWS: dict[str, type] = {
    "sources": Source,
    "boundary": StageRule,
    "exchanges": ExchangeRule,
    "allocation": AllocationRule,
    "closure": Closure,
    "bands": Band,
    "gases": GasRule,
}
FIXED = ("boundary",)
"""As many rows as there are stages: none is added or removed."""
MOST_METHODS = 4


@dataclass(frozen=True)
class Choices:
    """What the fields of one document can be chosen from."""

    names: Names
    sources: Sequence[str]
    categories: Sequence[tuple[str, str]]
    gases: Sequence[str]
    profiles: Sequence[tuple[str, str]]

    def flows(self) -> list[tuple[str, str]]:
        """Every kind of line there is."""
        both = [Direction.INPUT, Direction.OUTPUT]
        found = [Flow(way, FlowBy.CATEGORY, code) for way in both for code, _name in self.categories]
        found += [Flow(Direction.INPUT, FlowBy.FACTOR, kind) for kind in FACTORS]
        found += [Flow(Direction.INPUT, FlowBy.STAGE, stage) for stage in list(STAGES)[:5]]
        found += [Flow(Direction.OUTPUT, FlowBy.GAS, gas) for gas in self.gases]
        found.append(Flow(Direction.OUTPUT, FlowBy.AVOIDED))
        return [(packed(each), flow(each, self.names)) for each in found]


def packed(each: Flow) -> str:
    """A flow as one value of a list."""
    return f"{each.direction}|{each.by}|{each.value}"


def unpacked(value: str) -> dict[str, str]:
    """The flow again."""
    direction, by, name = [*value.split("|"), "", ""][:3]
    return {"direction": direction, "by": by, "value": name}


class OrderedChoices(forms.MultiWidget):
    """Some lists, the first choice first."""

    def __init__(self, choices: Sequence[tuple[str, str]], label: Text) -> None:
        lists = [
            forms.Select(choices=choices, attrs={"class": "form-select", "aria-label": f"{label} {place}"})
            for place in range(1, MOST_METHODS + 1)
        ]
        super().__init__(lists)

    def decompress(self, value: list[str] | None) -> list[str]:
        """One to a list."""
        return [*(value or []), *[""] * MOST_METHODS][:MOST_METHODS]


class OrderedField(forms.Field):
    """What was chosen, in order, gaps left out."""

    def clean(self, value: Any) -> list[str]:
        """Nothing is refused here."""
        return [each for each in value or [] if each]


def part_form(
    name: str, kind: type, choices: Choices, *, only: Sequence[str] = (), removable: bool = False
) -> type[forms.Form]:
    """The form of one part of a document."""
    hints = get_type_hints(kind)
    made: dict[str, Any] = {
        each.name: _field(each.name, hints[each.name], choices)
        for each in fields(kind)
        if not only or each.name in only
    }
    if removable:
        made["remove"] = forms.BooleanField(label=_("Remove"), required=False)
    return type(f"{name.title()}Form", (forms.Form,), made)


def _field(name: str, kind: Any, choices: Choices) -> forms.Field:
    label: Any = LABELS[name]
    listed = _listed(name, choices)
    if name == "methods":
        return OrderedField(label=label, required=False, widget=OrderedChoices(listed, label))
    if name == "any_of":
        several = forms.SelectMultiple(attrs={"size": 6})
        return forms.MultipleChoiceField(label=label, required=False, choices=listed, widget=several)
    if listed:
        cautious = Mark.UNVERIFIED if name == "mark" else None
        return forms.ChoiceField(label=label, required=False, choices=listed, initial=cautious)
    if kind is bool:
        return forms.BooleanField(label=label, required=False)
    if kind in (Decimal, Decimal | None, int | None):
        return amount_field(label)
    area = forms.Textarea(attrs={"rows": 2}) if name.startswith(("scope", "note")) else forms.TextInput()
    return forms.CharField(label=label, required=False, widget=area)


def _listed(name: str, choices: Choices) -> list[Any]:
    nothing = ("", "—")
    lists: dict[str, Callable[[], list[Any]]] = {
        "source": lambda: [(key, key) for key in choices.sources],
        "unit_source": lambda: [(key, key) for key in choices.sources],
        "coproduct": lambda: [("", _("any other product")), *choices.categories],
        "category": lambda: [nothing, *choices.categories],
        "profile": lambda: list(choices.profiles),
        "gas": lambda: [nothing, *((gas, gas) for gas in choices.gases)],
        "methods": lambda: [nothing, *((key, choices.names.pick(both)) for key, both in METHODS.items())],
        "any_of": choices.flows,
    }
    if name in lists:
        return lists[name]()
    if name in PLAIN:
        return list(PLAIN[name])
    return [(key, choices.names.pick(both)) for key, both in WORDS.get(name, {}).items()]


@dataclass
class Editor:
    """All forms of a document on one page."""

    general: forms.Form
    single: dict[str, forms.Form]
    rows: dict[str, list[forms.Form]]
    category: str

    @property
    def every(self) -> list[forms.Form]:
        """All of them."""
        return [self.general, *self.single.values(), *(form for rows in self.rows.values() for form in rows)]

    def stated(self) -> dict[str, Any]:
        """The document as it was filled in; rows to remove and rows nobody filled in are left out."""
        found: dict[str, Any] = {"category": self.category, **_stated(self.general)}
        found |= {name: _stated(form) for name, form in self.single.items()}
        return found | {name: [_stated(form) for form in self.kept(name)] for name in self.rows}

    def kept(self, name: str) -> list[forms.Form]:
        """The rows that count."""
        return [form for form in self.rows[name] if not _is_left_out(form)]

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Each at its field; what is about no field, at the top."""
        for refusal in refusals:
            form, refusal.field = self._place(refusal.field or "")
            refuse(form, [refusal])

    def _place(self, path: str) -> tuple[forms.Form, str]:
        group, _dot, rest = path.partition(".")
        if group in self.single:
            return self.single[group], rest
        number, _dot, field = rest.partition(".")
        if group in self.rows and number.isdecimal() and int(number) < len(self.kept(group)):
            return self.kept(group)[int(number)], field.partition(".")[0]
        return self.general, group


def editor(document: Mapping[str, Any], posted: QueryDict | None, choices: Choices, *, extra: int) -> Editor:
    """The forms, filled with the document or with what was typed."""
    general = part_form("general", RuleDocument, choices, only=GENERAL)
    return Editor(
        general=general(posted, prefix="general", initial={name: document[name] for name in GENERAL}),
        single={
            name: part_form(name, kind, choices)(posted, prefix=name, initial=document[name])
            for name, kind in SINGLE.items()
        },
        rows={
            name: _row_forms(name, kind, document[name], posted, choices, extra)
            for name, kind in ROWS.items()
        },
        category=document["category"],
    )


def _row_forms(
    name: str, kind: type, rows: Sequence[Any], posted: QueryDict | None, choices: Choices, extra: int
) -> list[forms.Form]:
    is_fixed = name in FIXED
    made = part_form(name, kind, choices, removable=not is_fixed)
    more = 0 if is_fixed else extra
    count = len(rows) + more
    initial = [_initial(row) for row in rows] + [{} for _extra in range(more)]
    return [
        made(posted, prefix=f"{name}-{at}", initial=initial[at], use_required_attribute=False)
        for at in range(count)
    ]


def _initial(row: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(row)
    if "any_of" in found:
        found["any_of"] = [
            "|".join(each[part] for part in ("direction", "by", "value")) for each in row["any_of"]
        ]
    return found


def _is_left_out(form: forms.Form) -> bool:
    """To be removed, or new and empty; a list that begins with a choice says nothing."""
    if form.initial or form.cleaned_data.get("remove"):
        return bool(form.cleaned_data.get("remove"))
    return not any(
        form.cleaned_data.get(name)
        for name, field in form.fields.items()
        if not isinstance(field, forms.BooleanField) and _may_be_empty(field)
    )


def _may_be_empty(field: forms.Field) -> bool:
    is_single = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField)
    return not is_single or "" in dict(field.choices)  # type: ignore[attr-defined]


def _stated(form: forms.Form) -> dict[str, Any]:
    return {
        name: _value(name, form.fields[name], value)
        for name, value in form.cleaned_data.items()
        if name != "remove"
    }


NUMBERS = ("technology", "time", "geography", "oldest_years")
EMPTY_IS_NOTHING = ("low", "high", *NUMBERS)


def _value(name: str, field: forms.Field, value: Any) -> Any:
    if name == "any_of":
        return [unpacked(each) for each in value]
    if name in EMPTY_IS_NOTHING and value == "":
        return None
    if name in NUMBERS and value.isdecimal():
        return int(value)
    return value

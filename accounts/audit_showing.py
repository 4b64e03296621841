"""Entries of the audit log as people read them: names for identifiers, words for columns, figures as set."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import figures
from accounts.actor import Actor
from accounts.audit_words import FACTS, FIELDS, THINGS, TOLD, VALUES
from accounts.errors import Text
from accounts.forms import languages
from accounts.models import AuditEntry, AuditSeal
from accounts.roles import ROLES, Role
from accounts.templatetags.figures import local_date, local_time

MOST_ROWS = 20
HUSHED = "•"
ACTING = {"person": "accounts_user", "client": "accounts_serviceclient", "partner": "partners_connection"}
"""Who can act, by the first word of the signature, and the table that knows their names."""
EMPTY: tuple[Any, ...] = (None, "", {}, [])
"""Of a row that came or went, nothing to say; of a changed one the other side says it."""


@dataclass(frozen=True)
class Change:
    """One column; of a row that was added only what it is now, of one removed only what it was."""

    label: Text
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ShownRow:
    """A row that changed."""

    name: str
    changes: list[Change]


@dataclass(frozen=True)
class ShownEntry:
    """An entry with everything put into words."""

    entry: AuditEntry
    who: str
    action: Text
    subject: Text
    rows: list[ShownRow]
    more: int


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def subject_name(subject: str) -> Text:
    """What a table or thing is called."""
    if subject in THINGS:
        return THINGS[subject]
    model = _models().get(subject)
    return str(model._meta.verbose_name) if model else subject


def action_name(action: str) -> Text:
    """What was done."""
    return dict(AuditEntry.Action.choices).get(action, action)


def label_of(table: str, column: str) -> Text:
    """What a column is called: in the log's own words, else in the model's."""
    if column in FIELDS:
        return FIELDS[column]
    field = _fields(table).get(column)
    return str(field.verbose_name) if field is not None else column


def has_words(table: str, column: str) -> bool:
    """Whether a column is called something in every language."""
    field = _fields(table).get(column)
    return column in FIELDS or isinstance(getattr(field, "verbose_name", ""), Promise)


@cache
def _fields(table: str) -> dict[str, models.Field[Any, Any]]:
    model = _models().get(table)
    return {field.column: field for field in model._meta.concrete_fields if field.column} if model else {}


class Showing:
    """Puts a page of entries into words, with one query per kind of thing they name."""

    def __init__(
        self,
        actor: Actor,
        entries: Iterable[AuditEntry],
        *,
        only: UUID | None = None,
        most_rows: int | None = MOST_ROWS,
    ) -> None:
        self.actor, self.language, self.only, self.most_rows = actor, languages(), only, most_rows
        self.entries = list(entries)
        self.names: dict[tuple[type[models.Model], str], str] = {}
        self.people = self._people()
        self.seals: dict[str, str] = {}
        self._look_up()

    def shown(self) -> list[ShownEntry]:
        """In the order they came."""
        return [self._entry(entry) for entry in self.entries]

    # -- looking up ----------------------------------------------------------------------------------------
    def _people(self) -> dict[str, str]:
        asked: dict[str, set[str]] = defaultdict(set)
        for entry in self.entries:
            kind, _colon, key = entry.actor.partition(":")
            if _is_uuid(key):
                asked[kind].add(key)
        return {
            f"{kind}:{one.uuid}": str(one)
            for kind, table in ACTING.items()
            if asked[kind]
            for one in self._visible(_models()[table]).filter(uuid__in=asked[kind])
        }

    def _look_up(self) -> None:
        by_pk: dict[type[models.Model], set[Any]] = defaultdict(set)
        by_uuid: dict[type[models.Model], set[Any]] = defaultdict(set)
        digests: set[str] = set()
        for entry in self.entries:
            model = _models().get(entry.subject)
            for row in self._rows(entry):
                if model and _is_uuid(str(row["id"])) and "uuid" in _fields(entry.subject):
                    by_uuid[model].add(row["id"])
                self._collect(entry.subject, row, by_pk, digests)
        for kind, keys in by_pk.items():
            self._name(kind, "pk", keys)
        for kind, keys in by_uuid.items():
            self._name(kind, "uuid", keys)
        if digests:
            found = AuditSeal.objects.visible_to(self.actor).filter(digest__in=digests)
            self.seals = dict(found.values_list("digest", "value"))

    def _collect(self, table: str, row: Mapping[str, Any], by_pk: Any, digests: set[str]) -> None:
        for column, value in [*row.get("before", {}).items(), *row.get("after", {}).items()]:
            field = _fields(table).get(column)
            if isinstance(value, dict) and "sealed" in value:
                digests.add(value["sealed"])
            elif field is not None and field.related_model and isinstance(value, int | str):
                by_pk[field.related_model].add(value)

    def _name(self, model: type[models.Model], key: str, values: set[Any]) -> None:
        for thing in self._visible(model).filter(**{f"{key}__in": values}).select_related():
            self.names[model, str(getattr(thing, key))] = figures.name(thing, self.language)

    def _visible(self, model: type[models.Model]) -> Any:
        rows: Any = model._default_manager.all()
        return rows.visible_to(self.actor) if hasattr(rows, "visible_to") else rows

    # -- wording -------------------------------------------------------------------------------------------
    def _rows(self, entry: AuditEntry) -> list[dict[str, Any]]:
        """The changed rows; of a thing's own history, without the neighbours that changed with it."""
        rows: list[dict[str, Any]] = entry.facts.get("rows", [])
        own = [row for row in rows if row["id"] == str(self.only)] if self.only else []
        return own or rows

    def _entry(self, entry: AuditEntry) -> ShownEntry:
        rows = self._rows(entry)
        if "rows" not in entry.facts:
            changes = [
                Change(TOLD.get(key) or label_of("", key), None, _fact(key, value))
                for key, value in entry.facts.items()
            ]
            shown = [ShownRow("", [change for change in changes if change.after])] if changes else []
        else:
            shown = [self._row(entry, row) for row in rows[: self.most_rows]]
        return ShownEntry(
            entry,
            self.who(entry.actor),
            action_name(entry.action),
            subject_name(entry.subject),
            shown,
            max(0, len(rows) - len(shown)),
        )

    def who(self, signature: str) -> str:
        """Who it was, by name while the name is kept."""
        kind, _colon, key = signature.partition(":")
        if signature in self.people:
            return self.people[signature]
        words = {
            "worker": _("The platform"),
            "command": _("An operator, at the command line"),
            "nobody": _("Somebody not signed in"),
            "role": _("Database login %(login)s") % {"login": key},
            "person": _("A former user (%(key)s)") % {"key": key[:8]},
            "client": _("A former system (%(key)s)") % {"key": key[:8]},
            "partner": _("A partner's system (%(key)s)") % {"key": key[:8]},
        }
        return words.get(kind, signature)

    def _row(self, entry: AuditEntry, row: Mapping[str, Any]) -> ShownRow:
        before, after = row.get("before", {}), row.get("after", {})
        columns = list(dict.fromkeys([*before, *after]))
        changes = [
            Change(
                label_of(entry.subject, column),
                self._value(entry.subject, column, before.get(column)) if "before" in row else None,
                self._value(entry.subject, column, after.get(column)) if "after" in row else None,
            )
            for column in columns
            if before.get(column) not in EMPTY or after.get(column) not in EMPTY
        ]
        return ShownRow(self._row_name(entry.subject, row), changes)

    def _row_name(self, table: str, row: Mapping[str, Any]) -> str:
        model = _models().get(table)
        known = self.names.get((model, str(row["id"]))) if model else None
        told = {**row.get("before", {}), **row.get("after", {})}
        named = figures.name(told, self.language) if {"name_zh", "name_en"} & set(told) else ""
        nameless = str(row["id"])[:8] if _is_uuid(str(row["id"])) else ""
        return known or named or str(told.get("code", "")) or nameless

    def _value(self, table: str, column: str, value: Any) -> str:
        field = _fields(table).get(column)
        if isinstance(value, dict) and "sealed" in value:
            kept = self.seals.get(value["sealed"])
            return _("sealed") if kept is None else _plain(_number(kept))
        if field is None or value is None or value == HUSHED:
            return _plain(value)
        if column == "role" and value in ROLES:
            meaning = ROLES[Role(value)]
            return meaning.name_zh if figures.is_chinese(self.language) else meaning.name_en
        if field.related_model:
            return self.names.get((field.related_model, str(value)), f"#{value}")
        if column in VALUES:
            return str(VALUES[column].get(value, value))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return _typed(field, value)


def _typed(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.DateTimeField) and (moment := _parsed(parse_datetime, value)):
        return local_time(moment)
    if isinstance(field, models.DateField) and (day := _parsed(parse_date, value)):
        return local_date(day)
    if isinstance(field, models.PositiveSmallIntegerField):  # years and the like: no thousands
        return str(value)
    return _plain(value)


def _parsed(parse: Any, value: Any) -> Any:
    found: datetime | date | None = parse(value) if isinstance(value, str) else None
    return found


def _plain(value: Any) -> str:
    """Anything without a type of its own."""
    if value is None or value == "":
        return figures.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | Decimal):
        return figures.quantity(Decimal(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _fact(key: str, value: Any) -> str:
    """What there is to say of something that is no row."""
    if isinstance(value, list):
        return ("、" if figures.is_chinese(languages()) else ", ").join(_fact(key, each) for each in value)
    words = FACTS.get(key, {})
    return str(words[value]) if isinstance(value, str) and value in words else _plain(value)


def _number(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

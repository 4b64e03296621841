"""What belongs to a company, table by table, as somebody of it may read it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, ForeignKey, Model, QuerySet

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import TenantQuerySet

ALONE = frozenset(("auditchain", "auditentry", "auditleaf", "auditseal", "dossier"))
"""The audit log leaves as a chain that can be verified; a dossier is copies of what leaves with the rest."""
CHUNK = 2000


class Encoder(DjangoJSONEncoder):
    """As the framework's, with bytes in base 64."""

    def default(self, o: Any) -> Any:
        """What JSON itself has no word for."""
        return base64.b64encode(o).decode() if isinstance(o, memoryview | bytes) else super().default(o)


@dataclass(frozen=True)
class Table:
    """One kind of thing: its columns by name, references by the public identifier of what they lead to."""

    model: type[Model]
    columns: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """As the file is called."""
        return self.model._meta.db_table

    @property
    def heads(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(name for name, _path in self.columns)

    def rows(self, actor: Actor, company: Company) -> Iterator[tuple[Any, ...]]:
        """Through lock 1; lock 2 is the transaction's."""
        manager: Any = self.model._default_manager
        found: QuerySet[Any] = manager.visible_to(actor).filter(company=company).order_by("pk")
        yield from found.values_list(*(path for _name, path in self.columns)).iterator(CHUNK)


def tables() -> list[Table]:
    """Every table with rows of companies; a new one is in it by itself."""
    found = [model for model in apps.get_models() if _is_a_companys(model)]
    return [Table(model, _columns(model)) for model in sorted(found, key=lambda each: each._meta.db_table)]


def as_json(heads: tuple[str, ...], row: tuple[Any, ...]) -> str:
    """One line; numbers keep every digit, as texts."""
    return json.dumps(dict(zip(heads, row, strict=True)), ensure_ascii=False, cls=Encoder)


def as_cells(row: tuple[Any, ...]) -> list[str]:
    """For a spreadsheet; what has parts of its own as JSON."""
    return [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, memoryview | bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(value)


def _is_a_companys(model: type[Model]) -> bool:
    is_tenant = isinstance(model._default_manager.get_queryset(), TenantQuerySet)
    names = {field.name for field in model._meta.fields}
    return is_tenant and "company" in names and model._meta.model_name not in ALONE


def _columns(model: type[Model]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _path(field)) for field in model._meta.fields if field.name != "company")


def _path(field: Field[Any, Any]) -> str:
    """The public identifier behind a reference, where there is one; else the number."""
    if isinstance(field, ForeignKey):
        target = field.related_model
        if any(each.name == "uuid" for each in target._meta.fields):
            return f"{field.name}__uuid"
    return field.attname

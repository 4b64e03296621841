"""Propose the processes of an openLCA package as factors, each resolved by gas: all of them or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from factors import queries as factors
from factors.actions.propose_table import Proposed, propose_rows
from factors.bulk import Described, Row
from factors.content import VersionContent
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.openlca.confined_reading import read_confined
from footprint.exchange.openlca.datasets import Dataset, Where, datasets
from footprint.exchange.openlca.sentences import refusal

HAN = re.compile("[\u3400-\u9fff]")
LONGEST_CODE, LONGEST_TECHNOLOGY, LONGEST_NOTE, MOST_NAMED = 100, 200, 1500, 20


@dataclass(frozen=True)
class Stated:
    """What a package does not say of itself: of all its processes, or of those that are silent."""

    kind: str
    boundary: str
    source: str
    transcription: str = Transcription.SINGLE.value
    otherwise: Where = field(default_factory=Where)


@transaction.atomic
def propose_package(
    content: bytes,
    *,
    by: Actor,
    company: Company | None,
    stated: Stated,
    reason: str = "",
    leaves_out: bool = False,
    at: datetime | None = None,
) -> Proposed:
    """One proposal for each process; each refusal's ``row`` is its file, ``field`` the place in it.

    ``leaves_out``: processes that cannot be taken stay out as wholes. A process that is a version of ours
    becomes a further version of its factor.

    Raises:
        NotAllowed: the role does not include it.
        Refusal, Refusals: the package cannot be read, its processes cannot be taken, or as ``propose_rows``.
    """
    require(by, Permission.PROPOSE_FACTOR, company_id=None if company is None else company.pk)
    _check(stated)
    try:
        package = read_confined(content)
    except Unreadable as unreadable:
        raise Refusals([refusal(each) for each in unreadable.problems]) from unreadable
    taken, against = datasets(package, factors.gas_names(by), stated.otherwise)
    refused = [refusal(each) for each in against]
    if refused and not (leaves_out and taken):
        raise Refusals(refused)
    files = [each.file for each in taken]
    try:
        done = propose_rows(
            _rows(by, taken, stated), by=by, company=company, reason=reason, leaves_out=leaves_out,
            at=at or timezone.now(),
        )  # fmt: skip
    except Refusals as several:
        raise Refusals([_in_file(files, each) for each in several.refusals]) from several
    notes = [refusal(each) for dataset in taken for each in dataset.not_counted]
    left_out = [*refused, *(_in_file(files, each) for each in done.left_out)]
    return Proposed(done.proposals, tuple(left_out), tuple(notes))


def _check(stated: Stated) -> None:
    findings = checks.Findings()
    for name, allowed in (
        ("kind", Factor.Kind.values),
        ("boundary", FactorVersion.Boundary.values),
        ("transcription", Transcription.values),
    ):
        with findings.collecting():
            checks.choice(getattr(stated, name), allowed, field=name)
    findings.settle()


def _rows(by: Actor, taken: Sequence[Dataset], stated: Stated) -> list[Row]:
    """As a table would have them; ``line`` counts the processes."""
    versions = factors.all_versions(by).filter(company=None, uuid__in=[each.id for each in taken])
    known = {str(version.uuid): version.factor for version in versions.select_related("factor")}
    return [
        Row(line, _described(each, known.get(each.id), stated), _content(each, stated))
        for line, each in enumerate(taken, start=1)
    ]


def _described(dataset: Dataset, known: Factor | None, stated: Stated) -> Described:
    code = known.code if known else _code(dataset)
    zh = dataset.name if HAN.search(dataset.name) else ""
    en = "" if zh else dataset.name
    return Described(code, zh or en, en or zh, stated.kind, dataset.unit, "", "", "", "")


def _code(dataset: Dataset) -> str:
    """Of the name, and of the identifier so that the same process comes to the same factor again."""
    return "-".join(part for part in (slugify(dataset.name)[:LONGEST_CODE], dataset.id[:8]) if part)


def _content(dataset: Dataset, stated: Stated) -> VersionContent:
    is_short = len(dataset.technology) <= LONGEST_TECHNOLOGY
    zh, en = _notes(dataset)
    return VersionContent(
        emissions=dataset.emissions,
        geography=dataset.geography,
        reference_year=dataset.reference_year,
        scope=FactorVersion.Scope.CO2E.value,
        boundary=stated.boundary,
        source=stated.source,
        source_locator=dataset.file,
        transcription=stated.transcription,
        technology=dataset.technology if is_short else "",
        note_zh=zh,
        note_en=en,
    )


def _notes(dataset: Dataset) -> tuple[str, str]:
    """For reviewers: what goes into the air, or is a greenhouse gas, and was not counted."""
    names = sorted({_called(each) for each in dataset.not_counted})
    if not names:
        return "", ""
    listed = ", ".join(names[:MOST_NAMED])[:LONGEST_NOTE]
    rest = len(names) - MOST_NAMED
    more_zh, more_en = (f"，另有 {rest} 种", f" and {rest} more") if rest > 0 else ("", "")
    return (
        f"未计入的流：{listed}{more_zh}",
        f"Flows that do not count: {listed}{more_en}",
    )


def _called(flow: Problem) -> str:
    filed = flow.values.get("compartment")
    return f"{flow.values['value']} ({filed})" if filed else str(flow.values["value"])


def _in_file(files: Sequence[str], each: Refusal) -> Refusal:
    file = files[each.row - 1] if isinstance(each.row, int) else _("the package")
    return Refusal(each.message, field=each.field, row=file, code=each.code)

"""Record what is answered before a burden is allocated, and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.actions.process import BASES, coproducts
from footprint.inventory.models import AllocationAnswer, UnitProcess

Question = AllocationAnswer.Question


@transaction.atomic
def answer_questions(
    process: UnitProcess,
    *,
    by: Actor,
    at: datetime,
    answers: Mapping[str, Mapping[str, Any]],
    version: int | None = None,
) -> None:
    """Put these answers, by question, in the place of those there are; the audit log keeps both.

    An answer that stays as it is keeps its person and time. What is not answered is read from the inventory.

    Raises:
        NotAllowed, Refusal, Refusals; Stale: the process is no longer at the version, if one is given.
    """
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)
    if version is not None:
        checks.write(process, version=version, changes={"allocation_method": process.allocation_method})
    findings = Findings()
    read = {}
    for question, given in answers.items():
        with findings.collecting():
            read[question] = _read(process, question, given)
    findings.settle()
    known = {row.question: row for row in process.allocation_answers.all()}
    process.allocation_answers.exclude(question__in=read).delete()
    for question, said in read.items():
        row = known.get(question)
        if row is not None and all(getattr(row, name) == value for name, value in said.items()):
            continue
        who = {"company_id": process.company_id, "answered_by_id": by.user_id, "answered_at": at}
        AllocationAnswer.objects.update_or_create(process=process, question=question, defaults=said | who)


def _read(process: UnitProcess, question: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """One answer, if the inventory bears it out; a refusal names the input of its question."""
    try:
        checks.choice(question, Question.values, field="question")
        answer = checks.truth(given["answer"], field="answer")
        source = checks.text(given["source"], field="source", longest=500, required=True)
        basis = _basis(process, question, answer, given.get("basis", ""))
        if answer:
            _check_shown(process, question)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=f"{refusal.field}_{question}", code=refusal.code) from refusal
    return {"answer": answer, "basis": basis, "source": source}


def _basis(process: UnitProcess, question: str, answer: bool, basis: Any) -> str:
    """The physical relation, if that is what was asked and there is one that every co-product carries."""
    if question != Question.PHYSICAL or not answer:
        if basis:
            message = _("Only a physical relation that exists has a basis. Leave it empty.")
            raise Refusal(message, field="basis", code="not_physical")
        return ""
    basis = checks.choice(basis, AllocationAnswer.Basis.values, field="basis")
    as_if = UnitProcess(pk=process.pk, allocation_method=basis)
    for line in coproducts(process):
        try:
            BASES[UnitProcess.Allocation(basis)](as_if, line)
        except Refusal as refusal:
            raise Refusal(refusal.message, field="basis", code=refusal.code) from refusal
    return str(basis)


def _check_shown(process: UnitProcess, question: str) -> None:
    """A yes has to be visible in the inventory: nothing is credited or divided by an answer alone."""
    if question == Question.SUBSTITUTION and not process.exchanges.filter(is_avoided=True).exists():
        message = _(
            "No line of this process is marked “avoided”. Enter what the co-product displaces as such a "
            "line, then answer yes."
        )
        raise Refusal(message, field="answer", code="no_credit")
    if question == Question.SUBDIVISION and process.allocation_method != UnitProcess.Allocation.CAUSAL:
        message = _(
            "The process is not divided: its lines have no shares of their own. Enter shares per line, then "
            "answer yes."
        )
        raise Refusal(message, field="answer", code="not_divided")

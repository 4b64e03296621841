"""Write down a practice with its evidence, change it, and move it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.roles import Permission
from factors.models import Factor, GreenhouseGas
from footprint.analysis.models import Practice, PracticeEvidence
from footprint.analysis.notices import tell_moved
from footprint.analysis.procedure import PRACTICE
from footprint.inventory import measures
from footprint.rules.models import ProductCategory

LONGEST = 4000
SLACK = Decimal("0.5")
"""By how many points a lever may promise more than was measured: it is rounded."""
TEXTS = {
    "name_zh": 200, "name_en": 200, "description_zh": LONGEST, "description_en": LONGEST, "effect_of": 60,
    "source": 300, "source_locator": 300,
}  # fmt: skip
OF_EVIDENCE = ("evidence", "before", "after")
FIELDS = (
    *TEXTS, "makes", "target", "category", "gas", "percent", "factor", "source_year", *OF_EVIDENCE
)  # fmt: skip


@transaction.atomic
def write_practice(company: Company, *, by: Actor, **stated: Any) -> Practice:
    """Keep a practice of one's own company as a draft.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.PROPOSE_PRACTICE, company_id=company.pk)
    practice = Practice(company=company, written_by_id=by.user_id)
    evidence = PracticeEvidence(company=company, practice=practice)
    _fill(practice, evidence, stated)
    practice.save(force_insert=True)
    evidence.save(force_insert=True)
    return practice


@transaction.atomic
def change_practice(practice: Practice, *, by: Actor, version: int | None, **stated: Any) -> Practice:
    """Change a draft.

    Raises:
        NotAllowed; Refusal, Refusals: it is a draft no more, or something is wrong; Stale.
    """
    require(by, Permission.PROPOSE_PRACTICE, company_id=practice.company_id or 0)
    if practice.state != Practice.State.DRAFT:
        raise Refusal(_("Only a draft can be changed. Take it back first."), code="not_a_draft")
    evidence = PracticeEvidence.objects.get(practice=practice)
    _fill(practice, evidence, stated)
    columns = [field.attname for field in Practice._meta.concrete_fields if field.name in FIELDS]
    changes = {name: getattr(practice, name) for name in (*columns, "effect_low", "effect_high")}
    checks.write(practice, version=version, changes={**changes, "written_by_id": by.user_id})
    evidence.save()
    return practice


@transaction.atomic
def move_practice(
    practice: Practice, *, by: Actor, at: datetime, move: str, version: int | None, reason: str = ""
) -> Practice:
    """One move of the procedure; the author is told what the office decided, the office what waits for it.

    Raises:
        NotAllowed, Refusal, Stale: as ``accounts.moving`` says.
    """
    if by.user_id is None:
        raise NotAllowed(_("People decide on practices, not machines."))
    said = checks.text(reason, field="reason", longest=LONGEST)
    deeds = {"write": [practice.written_by_id]}
    chosen = checked(PRACTICE, move, practice, by=by, deeds=deeds, reason=said)
    write_move(practice, chosen, version=version, remark=said)
    tell_moved(practice, chosen, by=by, at=at)
    return practice


def _fill(practice: Practice, evidence: PracticeEvidence, stated: Mapping[str, Any]) -> None:
    """Put what was stated into both, and check the whole. Raises Refusal, Refusals."""
    checks.known(stated, FIELDS)
    findings = checks.Findings()
    for name, longest in TEXTS.items():
        if name in stated:
            with findings.collecting():
                check = checks.name if name in ("name_zh", "name_en") else checks.text
                setattr(practice, name, check(stated[name], field=name, longest=longest))
    for name, read in READ.items():
        if name in stated:
            with findings.collecting():
                setattr(practice, name, read(stated[name]))
    for name, column in (("before", "before"), ("after", "after")):
        if name in stated:
            with findings.collecting():
                setattr(evidence, column, measures.maybe(measures.amount, stated[name], field=name))
    if "evidence" in stated:
        with findings.collecting():
            evidence.text = checks.text(stated["evidence"], field="evidence", longest=LONGEST)
    findings.settle()
    _check(practice, evidence, findings)
    findings.settle()


def _check(practice: Practice, evidence: PracticeEvidence, findings: checks.Findings) -> None:
    required = _("This must not be empty.")
    if not (practice.name_zh or practice.name_en):
        findings.add(required, field="name_zh", code="required")
    practice.name_zh, practice.name_en = (
        practice.name_zh or practice.name_en, practice.name_en or practice.name_zh,
    )  # fmt: skip
    if not evidence.text:
        findings.add(_("Say how it was measured."), field="evidence", code="required")
    if (practice.target == Practice.Target.PRODUCT) != (practice.category_id is not None):
        findings.add(
            _("Name the product, where it acts on one, and only then."), field="category", code="required"
        )
    if (practice.target == Practice.Target.GAS) != bool(practice.gas):
        findings.add(_("Name the gas, where it acts on one, and only then."), field="gas", code="required")
    if (practice.percent is None) == (practice.factor_id is None):
        message = _("Set one lever: a change in per cent, or the factor that lines are moved to.")
        findings.add(message, field="percent", code="one_lever")
    elif practice.percent is not None:
        with findings.collecting():
            _measured(practice, evidence)
    else:
        practice.effect_low = practice.effect_high = None


def _measured(practice: Practice, evidence: PracticeEvidence) -> None:
    """The effect follows from what was measured; the lever stays within it. Raises Refusal."""
    if not evidence.before or evidence.after is None:
        raise Refusal(_("Enter what was measured before and after."), field="before", code="required")
    is_less = evidence.after < evidence.before
    effect = round((evidence.after / evidence.before - 1) * 100, 2) if is_less else Decimal(0)
    if effect >= 0:
        raise Refusal(_("What was measured went up, not down."), field="after", code="no_reduction")
    if practice.percent is not None and practice.percent < effect - SLACK:
        message = _("The lever promises more than was measured: %(effect)s %%.")
        raise Refusal(message % {"effect": effect}, field="percent", code="more_than_measured")
    practice.effect_low = practice.effect_high = effect


def _category(given: object, field: str) -> ProductCategory | None:
    if given in (None, ""):
        return None
    found = ProductCategory.objects.filter(code=str(given)).first()
    if found is None:
        raise Refusal(_("There is no such product category."), field=field, code="unknown_choice")
    return found


def _factor(given: object) -> Factor | None:
    if given in (None, ""):
        return None
    found = Factor.objects.filter(code=str(given), company=None).first()  # practices are read by everybody
    if found is None:
        raise Refusal(_("There is no factor with this code."), field="factor", code="unknown_choice")
    return found


def _gas(given: object) -> str:
    gas = checks.text(given, field="gas", longest=40)
    if gas and not GreenhouseGas.objects.filter(code=gas).exists():
        message = _("The gas “%(gas)s” is not known. Choose one from the list, for example CO2, CH4, N2O.")
        raise Refusal(message % {"gas": gas}, field="gas", code="unknown_gas")
    return gas


def _percent(given: Any) -> Decimal | None:
    if given in (None, ""):
        return None
    found = measures.number(given, field="percent")
    if not -100 <= found < 0:
        raise Refusal(_("Enter a number from −100 to below 0."), field="percent", code="out_of_bounds")
    return found


def _year(given: Any) -> int | None:
    if given in (None, ""):
        return None
    text = str(given)
    if len(text) != 4 or not text.isdecimal() or not 1900 <= int(text) <= 2200:
        raise Refusal(_("Enter a year."), field="source_year", code="out_of_bounds")
    return int(text)


READ: dict[str, Callable[[Any], Any]] = {
    "makes": lambda given: _category(given, "makes"),
    "target": lambda given: checks.choice(given, Practice.Target.values, field="target"),
    "category": lambda given: _category(given, "category"),
    "gas": _gas,
    "percent": _percent,
    "factor": _factor,
    "source_year": _year,
}

"""Bring in method profiles and closure rules: a version that is there stays as it is, for ever."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from footprint.rules.models import ClosureRule, MethodProfile, MethodProfileVersion
from footprint.rules.models import profile as choices

SEED = Path(__file__).resolve().parents[1] / "seed"
CHOICES: dict[str, Any] = {
    "gwp_set": choices.GwpSet,
    "boundary": choices.Boundary,
    "cut_off": choices.CutOff,
    "substitution": choices.Permission,
    "recycling": choices.Recycling,
    "waste": choices.Waste,
    "biogenic": choices.Biogenic,
    "electricity": choices.Electricity,
    "ccs": choices.Capture,
    "ccu": choices.Capture,
    "quality_scheme": choices.QualityScheme,
}
LISTS: dict[str, Any] = {"allocation_tree": choices.Step, "required_outputs": choices.Output}
NUMBERS = ("cut_off_per_flow", "cut_off_total", "allocation_price_ratio", "recalculation_trigger")
PLAIN = (
    "valid_from",
    "gwp_horizon",
    "validity_months",
    "recalculation_at_trigger",
    "data_age_max_years",
    "significant_digits",
)
PARAMETERS = (*CHOICES, *LISTS, *NUMBERS, *PLAIN)


class RuleConflict(ValueError):
    """A built-in version says something else than the published one of its number."""


class BadRule(ValueError):
    """A built-in record uses a word or a parameter that is not known."""


def load_profiles(rows: Sequence[Mapping[str, Any]] | None = None) -> int:
    """Refresh the profiles' names and add versions that are new; answers how many profiles there are.

    Raises:
        RuleConflict, BadRule.
    """
    wanted = json.loads((SEED / "profiles.json").read_text(encoding="utf-8")) if rows is None else rows
    with transaction.atomic():
        for position, row in enumerate(wanted, start=1):
            profile, _new = MethodProfile.objects.update_or_create(
                code=row["code"], defaults={name: row[name] for name in SAID} | {"position": position * 10}
            )
            _add_version(profile, row)
    return len(wanted)


SAID = ("name_zh", "name_en", "standard", "description_zh", "description_en")


def _add_version(profile: MethodProfile, row: Mapping[str, Any]) -> None:
    stated = dict(row["version"])
    number = stated.pop("number")
    parameters = _read(profile.code, stated)
    facts = _facts(parameters, row)
    digest = _digest({**stated, "facts": facts})
    present = MethodProfileVersion.objects.filter(profile=profile, number=number).first()
    if present is None:
        MethodProfileVersion.objects.create(
            profile=profile, number=number, facts=facts, digest=digest, **parameters
        )
    elif present.digest != digest:
        raise RuleConflict(f"{profile.code} version {number} is published; give the change a further number")


def _read(code: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    if strange := set(stated) - set(PARAMETERS):
        raise BadRule(f"{code}: no such parameter: {', '.join(sorted(strange))}")
    found: dict[str, Any] = dict(stated)
    for name in CHOICES:
        _check_word(code, name, [stated.get(name)], CHOICES[name])
    for name in LISTS:
        _check_word(code, name, stated.get(name) or [None], LISTS[name])
    for name in NUMBERS:
        if name in stated:
            found[name] = Decimal(stated[name])
    if "valid_from" in stated:
        found["valid_from"] = date.fromisoformat(stated["valid_from"])
    return found


def _check_word(code: str, name: str, words: Iterable[Any], known: Any) -> None:
    for word in words:
        if word not in known.values:
            raise BadRule(f"{code}: {name} cannot be {word!r}")


def _facts(parameters: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where each parameter was read; those the source is silent about have no fact."""
    clauses = row.get("clauses", {})
    return {
        name: {
            "source": ", ".join([row["source"], *([clauses[name]] if name in clauses else [])]),
            "verified": name not in row["unverified"],
        }
        for name in PARAMETERS
        if name in parameters and name not in row["silent"]
    }


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def load_closure_rules(rows: Iterable[Mapping[str, str]] | None = None) -> int:
    """Add the thresholds that are new; answers how many were given.

    Raises:
        RuleConflict: a number is taken by other thresholds.
    """
    wanted = list(_closure_rows() if rows is None else rows)
    with transaction.atomic():
        for row in wanted:
            _add_closure_rule(row)
    return len(wanted)


def _closure_rows() -> list[dict[str, str]]:
    with (SEED / "closure.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _add_closure_rule(row: Mapping[str, str]) -> None:
    content = {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "amber": Decimal(row["amber"]),
        "red": Decimal(row["red"]),
        "source": row["source"],
    }
    rule, is_new = ClosureRule.objects.get_or_create(
        basis=row["basis"], number=int(row["number"]), defaults=content
    )
    if not is_new and any(getattr(rule, name) != value for name, value in content.items()):
        raise RuleConflict(f"closure rule {rule} is published; give the change a further number")

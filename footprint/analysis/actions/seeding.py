"""Load the practices that come with the product: from the literature, each with its source."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.visibility import acting_as
from factors.models import Factor
from footprint.analysis.models import Practice
from footprint.rules.models import ProductCategory

SEED = Path(__file__).resolve().parents[1] / "seed" / "practices.json"
NUMBERS = ("percent", "effect_low", "effect_high")
ON_THE_WAY = (Practice.State.IN_REVIEW, Practice.State.PUBLISHED)


@transaction.atomic
def load_practices() -> int:
    """Add those that are not there yet; answers how many come with the product.

    One whose factor or product category is not loaded is left out until it is.
    """
    told = json.loads(SEED.read_text(encoding="utf-8"))
    with acting_as(Actor.worker()):
        known = set(Practice.objects.filter(company=None).values_list("code", flat=True))
        for each in told:
            practice = None if each["code"] in known else _practice(each)
            if practice is not None:
                practice.save(force_insert=True)
                for state in ON_THE_WAY:
                    Practice.objects.filter(pk=practice.pk).update(state=state)
    return len(told)


def _practice(told: dict[str, Any]) -> Practice | None:
    stated = {**told, **{name: Decimal(told[name]) for name in NUMBERS if name in told}}
    for name, rows in (("makes", ProductCategory.objects), ("factor", Factor.objects)):
        if name in stated:
            stated[name] = rows.filter(code=stated[name]).first()
            if stated[name] is None:
                return None
    return Practice(**stated)

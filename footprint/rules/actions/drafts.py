"""Bring in the draft rules that come with the product, one for each category that has none yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from footprint.rules.actions.product_rules import remember
from footprint.rules.document.lifecycle import PROPOSE, State
from footprint.rules.document.reading import digest, read, written
from footprint.rules.models import ProductCategory, ProductRule

SEED = Path(__file__).resolve().parents[1] / "seed" / "product_rules.json"
WAY = (("approve", State.APPROVED), ("begin", State.DRAFTING))


def built_in() -> dict[str, Any]:
    """The documents by category, each with what all of them share."""
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    shared = seed["shared"]
    return {
        each["category"]: {**shared, **each, "sources": [*shared["sources"], *each["sources"]]}
        for each in seed["documents"]
    }


@transaction.atomic
def load_product_rules(documents: Mapping[str, Any] | None = None) -> int:
    """Add version 1, being drafted, where a category has no rule; answers how many drafts were given.

    What is there stays: a draft belongs to those who work on it.

    Raises:
        BadDocument: a draft cannot be read.
    """
    drafts = built_in() if documents is None else documents
    categories = ProductCategory.objects.filter(product_rules=None, code__in=drafts)
    for category in categories:
        content = read(drafts[category.code])
        rule = ProductRule.objects.create(
            category=category, number=1, document=written(content), digest=digest(content)
        )
        _bring_to_drafting(rule)
    return len(drafts)


def _bring_to_drafting(rule: ProductRule) -> None:
    now = timezone.now()
    remember(rule, PROPOSE, by=Actor.worker(), before="", at=now)
    for name, state in WAY:
        before = rule.state
        rule.state = state
        rule.save(update_fields=["state"])
        remember(rule, name, by=Actor.worker(), before=before, at=now)

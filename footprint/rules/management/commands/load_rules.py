"""Load the rules that come with the product: categories, method profiles, closure thresholds, drafts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from footprint.rules.actions.drafts import load_product_rules
from footprint.rules.actions.publishing import BadRule, RuleConflict, load_closure_rules, load_profiles
from footprint.rules.actions.seeding import load_categories
from footprint.rules.document.reading import BadDocument


class Command(BaseCommand):
    """Safe to run any number of times."""

    help = "Load or refresh product categories, method profiles and closure rules; add draft rules."

    def handle(self, *args: Any, **options: Any) -> None:
        """Categories first: closure rules may name one."""
        try:
            categories, profiles, closure = load_categories(), load_profiles(), load_closure_rules()
            drafts = load_product_rules()
        except (RuleConflict, BadRule, BadDocument) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"rules: {categories} product categories, {profiles} method profiles, {closure} closure rules, "
            f"{drafts} drafts of product category rules"
        )

"""Nouns: rules as records."""

from footprint.rules.models.category import ProductCategory
from footprint.rules.models.closure import ClosureRule
from footprint.rules.models.product_rule import ProductRule, RuleBallot, RuleComment, RuleMove, TrialState
from footprint.rules.models.profile import MethodProfile, MethodProfileVersion

__all__ = [
    "ClosureRule",
    "MethodProfile",
    "MethodProfileVersion",
    "ProductCategory",
    "ProductRule",
    "RuleBallot",
    "RuleComment",
    "RuleMove",
    "TrialState",
]

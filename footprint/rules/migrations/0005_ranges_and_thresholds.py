"""Plausible ranges and thresholds of categories move into the drafts of their rules."""

from typing import Any

from django.db import migrations

from footprint.rules.document.reading import digest, read

ORIENTATION = {
    "key": "orientation",
    "zh": "文献中的常见范围，凭记忆或由所述数据推得，未由第二人核对",
    "en": "Usual ranges in the literature, from memory or derived as said, not compared by a second person",
}
UNVERIFIED = {"source": "orientation", "mark": "unverified"}


def into_the_rules(apps: Any, schema_editor: Any) -> None:
    """Where a draft says nothing of its own about it; a published rule gets it with its next version."""
    Rule = apps.get_model("rules", "ProductRule")
    Closure = apps.get_model("rules", "ClosureRule")
    for rule in Rule.objects.filter(state="drafting").select_related("category"):
        ranges = _ranges(rule)
        own = Closure.objects.filter(category_id=rule.category_id).order_by("number")
        closure = _closure(rule, {row.basis: row for row in own})
        if not (ranges or closure):
            continue
        told = rule.document
        sources = told["sources"]
        if ORIENTATION["key"] not in {each["key"] for each in sources}:
            sources = [*sources, ORIENTATION]
        rule.document = {
            **told,
            "sources": sources,
            "bands": [*told["bands"], *ranges],
            "closure": [*told["closure"], *closure],
        }
        rule.digest = digest(read(rule.document))
        rule.version += 1
        rule.save(update_fields=["document", "digest", "version"])


def _ranges(rule: Any) -> list[dict[str, Any]]:
    category = rule.category
    if category.plausible_low is None or category.plausible_high is None:
        return []
    if any(band["measured"] == "footprint" for band in rule.document["bands"]):
        return []
    return [
        {
            "code": "footprint",
            "measured": "footprint",
            "low": f"{category.plausible_low:f}",
            "high": f"{category.plausible_high:f}",
            "unit": f"kg CO2e/{category.unit}",
            "category": "",
            "note_zh": "仅供参考的范围，超出时请说明原因。",
            "note_en": category.plausible_source,
            **UNVERIFIED,
        }
    ]


def _closure(rule: Any, own: dict[str, Any]) -> list[dict[str, Any]]:
    said = {each["balance"] for each in rule.document["closure"]}
    return [
        {"balance": basis, "amber": f"{row.amber:f}", "red": f"{row.red:f}", **UNVERIFIED}
        for basis, row in own.items()
        if basis not in said
    ]


class Migration(migrations.Migration):
    dependencies = [("rules", "0004_product_rule_locks")]

    operations = [migrations.RunPython(into_the_rules, migrations.RunPython.noop)]

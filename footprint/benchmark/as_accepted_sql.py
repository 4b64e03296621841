"""What co-products are weighed by has to be as it was accepted, wherever the profile of a figure asks for it.

The method in force has this in the digest of its column; a profile that shares by price or by heating value
where the method in force does not has it nowhere else than in the accepted copy.
"""

from __future__ import annotations

from django.db import migrations

from footprint.benchmark.sql import ANSWERED_OTHERWISE, DEFINED, UPSTREAM, marks, shown
from footprint.rules.models.profile import Step

# prices by line and year, as the process has them and as they were when its inventory was accepted
_LIVE_PRICES = """
  SELECT jsonb_object_agg(line.uuid::text || price.year, price.price)
  FROM inventory_exchange line JOIN inventory_outputprice price ON price.exchange_id = line.id
  WHERE line.process_id = answered.id
"""
_KEPT_PRICES = """
  SELECT jsonb_object_agg(price.line::text || price.year, price.price)
  FROM inventory_frozenprice price
  WHERE price.submission_id = decided.id AND price.round = decided.round AND price.process = answered.uuid
"""
# as ``IS_OUTPUT`` of the calculation
_IS_OUTPUT = """(
  made.direction = 'output' AND made.kind = 'product' AND NOT made.is_avoided
  OR made.direction = 'input' AND made.kind = 'waste' AND made.is_reference
)"""
_SEVERAL = f"""(
  SELECT count(DISTINCT made.product_id) FROM inventory_exchange made
  WHERE made.process_id = answered.id AND {_IS_OUTPUT}
) > 1"""
# every process that weighs otherwise, in price or in anything else: each copy is read once for all figures
_WEIGHED_OTHERWISE = f"""
  WITH weighed_otherwise AS MATERIALIZED (
    SELECT found.* FROM (
      SELECT answered.id AS process_id,
        then_was.price_years IS DISTINCT FROM answered.price_years
          OR ({_LIVE_PRICES}) IS DISTINCT FROM ({_KEPT_PRICES}) AS in_price,
        then_was.ambient_celsius IS DISTINCT FROM answered.ambient_celsius OR EXISTS (
          SELECT FROM jsonb_to_recordset(then_was.lines) AS line(
            uuid uuid, product jsonb, carrier text, reference_efficiency numeric, heat_celsius numeric
          )
          JOIN inventory_exchange made ON made.uuid = line.uuid
          JOIN inventory_product good ON good.id = made.product_id
          WHERE {_IS_OUTPUT} AND (
            good.conversions, good.lhv_mj_per_unit,
            made.carrier, made.reference_efficiency, made.heat_celsius
          ) IS DISTINCT FROM (
            line.product -> 'conversions', (line.product ->> 'lhv_mj_per_unit')::numeric,
            line.carrier, line.reference_efficiency, line.heat_celsius
          )
        ) AS in_kind
      FROM inventory_submission decided
      JOIN inventory_frozencopy kept ON kept.submission_id = decided.id AND kept.round = decided.round
      CROSS JOIN LATERAL jsonb_to_recordset(kept.content -> 'processes')
        AS then_was(uuid uuid, price_years text, ambient_celsius numeric, lines jsonb)
      JOIN inventory_unitprocess answered ON answered.uuid = then_was.uuid
        AND answered.inventory_id = decided.inventory_id
      WHERE decided.state = 'accepted' AND {_SEVERAL}
    ) found WHERE found.in_price OR found.in_kind
  )
"""
_BY_PRICE = ", ".join(f"'{step}'" for step in (Step.ECONOMIC.value, Step.ECONOMIC_ABOVE_RATIO.value))
MOVED = f"""{UPSTREAM}
  LEFT JOIN weighed_otherwise ON weighed_otherwise.process_id = upstream.process_id
  CROSS JOIN LATERAL (
    SELECT version.allocation_tree <> '["{Step.AS_RECORDED.value}"]' AS is_own,
      version.allocation_tree ?| ARRAY[{_BY_PRICE}] AS by_price
    FROM rules_methodprofileversion version WHERE version.id = method.profile_version_id
  ) rule
  WHERE {ANSWERED_OTHERWISE}
    OR rule.is_own AND (weighed_otherwise.in_kind OR rule.by_price AND weighed_otherwise.in_price)
"""
_PRICED = (
    "SELECT definition.id FROM {rows} AS priced JOIN inventory_exchange line ON line.id = priced.exchange_id"
    " JOIN calculation_footprint figure ON figure.process_id = line.process_id"
    " JOIN inventory_product product ON product.id = figure.product_id" + DEFINED
)


def weigh_as_accepted() -> migrations.RunSQL:
    """Figures by a profile leave comparisons while prices or heating values are not those accepted.

    A price marks the comparisons of its own process even where it moves no figure; whatever else moves one
    marks them by the figure. Everything is settled once, as the view looks at more than before.
    """
    return migrations.RunSQL(
        shown(moved=MOVED, before=_WEIGHED_OTHERWISE)
        + marks("inventory_outputprice", _PRICED, "gone", "come")
        + "INSERT INTO calculation_recomputemark (kind, key) SELECT 'benchmark', id FROM benchmark_definition"
        " WHERE state IN ('proposed', 'approved');",
        shown() + UNMARKED,
    )


UNMARKED = "".join(
    f"DROP TRIGGER inventory_outputprice_marks_benchmark_{event} ON inventory_outputprice;"
    f"DROP FUNCTION inventory_outputprice_marks_benchmark_{event}();"
    for event in ("insert", "update", "delete")
)

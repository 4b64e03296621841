"""Figures as they were accepted, for the role that settles comparisons.

A figure counts while everything behind it is as it was accepted. Most of that is in the digest of its column;
what is in none, and decides which comparison it enters or by how much, is read from the accepted copies: the
route and the province, what a declared unit is worth, recorded answers, and what co-products are weighed by
wherever the profile of the figure asks for it.
"""

from __future__ import annotations

from django.db import migrations

from accounts.sql import run_as_worker
from accounts.visibility import BENCHMARK_ROLE
from footprint.benchmark.sql import ALL_ANEW
from footprint.rules.models.profile import Step

_NAME = "benchmark_figures(bigint, int, bigint, text, text[])"
_BY_PRICE = ", ".join(f"'{step}'" for step in (Step.ECONOMIC.value, Step.ECONOMIC_ABOVE_RATIO.value))
# as ``IS_OUTPUT`` of the calculation
_IS_OUTPUT = """(
  made.direction = 'output' AND made.kind = 'product' AND NOT made.is_avoided
  OR made.direction = 'input' AND made.kind = 'waste' AND made.is_reference
)"""
# figures of the product, the year and the profile that have the digest they were accepted with
_CANDIDATES = """
  SELECT figure.process_id, process.uuid AS process, product.uuid AS product, accepted.inventory_id,
    inventory.period_end, company.group_id, company.id AS company_id,
    copy.content -> 'site' ->> 'province' AS province, figure.production, method.kg_co2e, method.causes,
    figure.unit, category.unit AS category_unit
  FROM benchmark_participation joined
  JOIN inventory_product product ON product.id = joined.product_id
  JOIN rules_productcategory category ON category.id = product.category_id
  JOIN calculation_footprint figure ON figure.product_id = product.id
  JOIN analysis_profilefigure method ON method.footprint_id = figure.id
  JOIN inventory_unitprocess process ON process.id = figure.process_id
  JOIN inventory_inventory inventory ON inventory.id = figure.inventory_id
  JOIN accounts_company company ON company.id = figure.company_id
  JOIN inventory_submission accepted
    ON accepted.inventory_id = figure.inventory_id AND accepted.state = 'accepted'
  JOIN inventory_frozencopy copy ON copy.submission_id = accepted.id AND copy.round = accepted.round
    AND copy.figures @> jsonb_build_array(jsonb_build_object('digest', figure.input_digest,
      'process', process.uuid::text, 'product', product.uuid::text, 'category', category.code))
  WHERE product.category_id = asked AND figure.year = at_year AND method.profile_version_id = by_version
    AND figure.state = 'current' AND company.kind = 'member' AND method.kg_co2e IS NOT NULL
"""
# the processes of the figures and every one that these take from, with the period that each is of
_UPSTREAM = """
  SELECT process_id, inventory_id, period_end FROM candidate
  UNION
  SELECT making.id, made_in.id, made_in.period_end FROM upstream
  JOIN inventory_exchange used ON used.process_id = upstream.process_id
  CROSS JOIN LATERAL (
    SELECT used.provider_process_id AS id
    UNION ALL
    SELECT made.process_id FROM inventory_exchange made
    WHERE made.product_id = used.provider_product_id AND made.direction = 'output'
  ) maker
  JOIN inventory_unitprocess making ON making.id = maker.id
  JOIN inventory_inventory made_in ON made_in.id = making.inventory_id
    AND made_in.period_end <= upstream.period_end
"""
# each copy is read once for all figures and all processes
_COPIED = """
  SELECT decided.id AS submission_id, decided.round, decided.inventory_id, then_was.*
  FROM inventory_submission decided
  JOIN inventory_frozencopy kept ON kept.submission_id = decided.id AND kept.round = decided.round
  CROSS JOIN LATERAL jsonb_to_recordset(kept.content -> 'processes') AS then_was(
    uuid uuid, technology text, price_years text, ambient_celsius numeric, answers jsonb, lines jsonb
  )
  WHERE decided.state = 'accepted' AND decided.inventory_id IN (SELECT inventory_id FROM upstream)
"""
_SAID = "jsonb_object_agg(said.question, jsonb_build_array(said.answer, said.basis))"
_ANSWERED_OTHERWISE = f"""(
    SELECT {_SAID} FROM inventory_allocationanswer said WHERE said.process_id = live.id
  ) IS DISTINCT FROM (
    SELECT {_SAID} FROM jsonb_to_recordset(copied.answers) AS said(question text, answer boolean, basis text)
  )"""
_PRICED_OTHERWISE = """(
    copied.price_years IS DISTINCT FROM live.price_years OR (
      SELECT jsonb_object_agg(line.uuid::text || price.year, price.price)
      FROM inventory_exchange line JOIN inventory_outputprice price ON price.exchange_id = line.id
      WHERE line.process_id = live.id
    ) IS DISTINCT FROM (
      SELECT jsonb_object_agg(price.line::text || price.year, price.price)
      FROM inventory_frozenprice price
      WHERE price.submission_id = copied.submission_id AND price.round = copied.round
        AND price.process = live.uuid
    )
  )"""
_OF_ANOTHER_KIND = f"""(
    copied.ambient_celsius IS DISTINCT FROM live.ambient_celsius OR EXISTS (
      SELECT FROM jsonb_to_recordset(copied.lines) AS line(
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
    )
  )"""
_MAKES_SEVERAL = f"""(
    SELECT count(DISTINCT made.product_id) FROM inventory_exchange made
    WHERE made.process_id = live.id AND {_IS_OUTPUT}
  ) > 1"""
# what is not as it was accepted, and whatever takes from it
_MOVED = f"""
  SELECT upstream.process_id, upstream.period_end FROM upstream
  JOIN inventory_unitprocess live ON live.id = upstream.process_id
  LEFT JOIN copied ON copied.inventory_id = upstream.inventory_id AND copied.uuid = live.uuid
  WHERE {_ANSWERED_OTHERWISE}
    OR copied.uuid IS NOT NULL AND (SELECT weighs FROM rule) AND {_MAKES_SEVERAL}
      AND ({_OF_ANOTHER_KIND} OR (SELECT by_price FROM rule) AND {_PRICED_OTHERWISE})
"""
_TAINTED = """
  SELECT process_id, period_end FROM moved
  UNION
  SELECT taking.process_id, taking.period_end FROM tainted
  CROSS JOIN LATERAL (
    SELECT used.process_id FROM inventory_exchange used WHERE used.provider_process_id = tainted.process_id
    UNION ALL
    SELECT used.process_id FROM inventory_exchange made
    JOIN inventory_exchange used ON used.provider_product_id = made.product_id
    WHERE made.process_id = tainted.process_id AND made.direction = 'output'
  ) consumer
  JOIN upstream taking ON taking.process_id = consumer.process_id AND tainted.period_end <= taking.period_end
"""
# owned by the worker, so that it reads every company's rows; it names neither company, product nor plant.
# What it asks is planned once a session, when tables may have been empty: hence by index alone.
FIGURES = f"""
CREATE FUNCTION benchmark_figures(
  asked bigint, at_year int, by_version bigint, route text, provinces text[]
) RETURNS TABLE (
  company_id bigint, group_id bigint, production float8, kg_co2e float8, unit varchar,
  category_unit varchar, product_unit text, conversions text, lhv_mj_per_unit numeric, causes text
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE rule AS MATERIALIZED (
    SELECT version.allocation_tree <> '["{Step.AS_RECORDED.value}"]' AS weighs,
      version.allocation_tree ?| ARRAY[{_BY_PRICE}] AS by_price
    FROM rules_methodprofileversion version WHERE version.id = by_version
  ),
  candidate AS MATERIALIZED ({_CANDIDATES}),
  upstream AS ({_UPSTREAM}),
  copied AS MATERIALIZED ({_COPIED}),
  moved AS MATERIALIZED ({_MOVED}),
  tainted AS ({_TAINTED})
  SELECT candidate.company_id, candidate.group_id, candidate.production, candidate.kg_co2e, candidate.unit,
    candidate.category_unit, entered.product ->> 'unit', entered.product ->> 'conversions',
    (entered.product ->> 'lhv_mj_per_unit')::numeric, candidate.causes::text
  FROM candidate
  JOIN copied ON copied.inventory_id = candidate.inventory_id AND copied.uuid = candidate.process
  CROSS JOIN LATERAL (
    SELECT line.product FROM jsonb_to_recordset(copied.lines) AS line(direction text, product jsonb)
    WHERE line.direction = 'output' AND line.product ->> 'uuid' = candidate.product::text
    LIMIT 1
  ) entered
  WHERE candidate.process_id NOT IN (SELECT process_id FROM tainted)
    AND (route = '' OR copied.technology = route)
    AND (cardinality(provinces) = 0 OR candidate.province = ANY (provinces))
  ORDER BY candidate.company_id, candidate.production, candidate.kg_co2e, candidate.unit;
END $$;
REVOKE ALL ON FUNCTION {_NAME} FROM PUBLIC;
{run_as_worker(_NAME)}
ALTER FUNCTION {_NAME} SET enable_seqscan = off SET plan_cache_mode = force_generic_plan;
GRANT EXECUTE ON FUNCTION {_NAME} TO {BENCHMARK_ROLE};
"""


def create_figures() -> migrations.RunSQL:
    """The function, in place of a view that read every accepted copy for every comparison."""
    return migrations.RunSQL(
        f"DROP VIEW IF EXISTS benchmark_figure; {FIGURES} {ALL_ANEW}", f"DROP FUNCTION {_NAME};"
    )

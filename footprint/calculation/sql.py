"""The ledger's triggers and questions, in SQL beside the tables they guard.

A statement-level trigger with transition tables sees every way a row can change: the ORM, bulk updates, raw
SQL. It writes its marks in the same transaction, so a crash can never keep a change and lose its mark.
"""

from __future__ import annotations

from django.db import migrations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE

MARK = f"""
CREATE FUNCTION calculation_mark(kind text, keys bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO calculation_recomputemark (kind, key)
  SELECT kind, key FROM (SELECT DISTINCT unnest(keys) AS key) AS wanted WHERE key IS NOT NULL ORDER BY key
$$;
REVOKE INSERT, UPDATE, DELETE ON calculation_recomputemark FROM {APP_ROLE};
"""

# consumers of a process: lines of its inventory that name it, and lines anywhere that name a product it makes
DOWNSTREAM = """
  SELECT used.process_id FROM inventory_exchange used WHERE used.provider_process_id = marked.process_id
  UNION ALL
  SELECT used.process_id FROM inventory_exchange made
  JOIN inventory_exchange used ON used.provider_product_id = made.product_id
  WHERE made.process_id = marked.process_id AND made.direction = 'output' AND made.product_id IS NOT NULL
"""

CLOSURE = f"""
CREATE FUNCTION calculation_closure(dirty bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE marked(process_id) AS (
    SELECT unnest(dirty)
    UNION
    SELECT consumer.process_id FROM marked CROSS JOIN LATERAL ({DOWNSTREAM}) AS consumer
  )
  SELECT process_id FROM marked
$$;
"""

# asked by the web as well: links of other companies decide whether one's own figure is up to date
STALE = """
CREATE FUNCTION calculation_stale(asked bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT process_id FROM calculation_closure(
    ARRAY(SELECT DISTINCT key FROM calculation_recomputemark WHERE kind = 'process')
  ) AS process_id WHERE process_id = ANY (asked)
$$;
"""


def trigger(table: str, purpose: str, old: str, new: str, *, kind: str = "process") -> str:
    """Statement-level triggers on ``table`` that mark the keys the two queries select.

    ``old`` reads the transition table ``gone`` (rows as they were), ``new`` reads ``come`` (rows as they
    are); an empty one is left out. A session keeps the plan of its first write, made when tables may have
    been empty: without the setting a later import would look every row up by reading whole tables.
    """
    name = f"{table}_marks_{purpose}"
    both = " UNION ".join(query for query in (old, new) if query)
    parts = {
        "INSERT": (new, "REFERENCING NEW TABLE AS come"),
        "UPDATE": (both, "REFERENCING OLD TABLE AS gone NEW TABLE AS come"),
        "DELETE": (old, "REFERENCING OLD TABLE AS gone"),
    }
    return "\n".join(
        f"""
        CREATE FUNCTION {name}_{event.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM calculation_mark('{kind}', ARRAY({query}));
          RETURN NULL;
        END $$;
        CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} {tables}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}_{event.lower()}();
        {run_as_worker(f"{name}_{event.lower()}()")}
        ALTER FUNCTION {name}_{event.lower()}() SET enable_seqscan = off;
        """
        for event, (query, tables) in parts.items()
        if query
    )


def of(rows: str, column: str = "process_id") -> str:
    """One column of a transition table."""
    return f"SELECT {column} FROM {rows}"


# an output that went also reaches those who buy the product: the link that would lead there went with it
_BUYERS = (
    "SELECT used.process_id FROM gone"
    " JOIN inventory_exchange used ON used.provider_product_id = gone.product_id"
    " WHERE gone.direction = 'output'"
)
USERS_OF_PRODUCT = (
    "SELECT line.process_id FROM {rows} JOIN inventory_exchange line"
    " ON line.product_id = {rows}.id OR line.provider_product_id = {rows}.id"
)
IN_INVENTORY = (
    "SELECT process.id FROM {rows} JOIN inventory_unitprocess process ON process.inventory_id = {rows}.id"
)
PRICED = "SELECT line.process_id FROM {rows} JOIN inventory_exchange line ON line.id = {rows}.exchange_id"
EVERY_PROCESS = "SELECT process.id FROM inventory_unitprocess process WHERE EXISTS (SELECT FROM {rows})"

TRIGGERS = "\n".join(
    [
        trigger("inventory_exchange", "process", f"{of('gone')} UNION {_BUYERS}", of("come")),
        trigger("inventory_allocationshare", "process", of("gone"), of("come")),
        trigger("inventory_unitprocess", "itself", "", of("come", "id")),
        trigger("inventory_product", "users", "", USERS_OF_PRODUCT.format(rows="come")),
        trigger("inventory_inventory", "processes", "", IN_INVENTORY.format(rows="come")),
        trigger("inventory_outputprice", "process", PRICED.format(rows="gone"), PRICED.format(rows="come")),
        trigger(
            "factors_characterizationfactor",
            "everything",
            EVERY_PROCESS.format(rows="gone"),
            EVERY_PROCESS.format(rows="come"),
        ),
    ]
)


def create_ledger() -> migrations.RunSQL:
    """Functions and triggers of the ledger."""
    return migrations.RunSQL(
        MARK + CLOSURE + STALE + run_as_worker("calculation_stale(bigint[])") + TRIGGERS,
        migrations.RunSQL.noop,
    )

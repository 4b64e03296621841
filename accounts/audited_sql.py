"""SQL for migrations: the one line that puts a table under the audit log.

A statement-level trigger with transition tables sees every way a row can change: the ORM, bulk statements,
raw SQL; and it says what changed in one entry for many rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

from accounts.sql import run_as_worker

PACK = 500
"""Changed rows in one entry; a statement that changed more makes several."""
UNTOLD = ("id", "uuid", "company_id", "version")
"""Columns that say nothing of their own: which row it is stands beside them."""


def audited(
    table: str,
    *,
    company: str = "(it ->> 'company_id')::bigint",
    within: Sequence[str] = (),
    ignoring: Sequence[str] = (),
    sealed: Sequence[str] = (),
    hushed: Sequence[str] = (),
) -> migrations.RunSQL:
    """Record every change of a table's rows, whoever makes it and however.

    ``company`` says whose chain, from the row ``it`` (jsonb); "NULL" is the alliance's. ``within`` leads from
    the row to what it is a part of, column and table in turn, so that the history of an inventory has its
    lines: ("process_id", "inventory_unitprocess", "inventory_id", "inventory_inventory"). A change of
    ``ignoring`` columns alone is not recorded. ``sealed`` columns are prices: their values are kept apart.
    Of ``hushed`` ones only that they changed is kept.
    """
    untold = _array([*UNTOLD, *ignoring])
    told = {
        "insert": f"jsonb_build_object('after', {_whole('later', untold, hushed)})",
        "update": f"accounts_audit_difference(earlier, later, {untold}, {_array(hushed)})",
        "delete": f"jsonb_build_object('before', {_whole('earlier', untold, hushed)})",
    }
    if sealed:
        told = {event: _sealing(event, company, _array(sealed), made) for event, made in told.items()}
    parts = [_trigger(table, event, company, _about(within), made) for event, made in told.items()]
    return migrations.RunSQL("\n".join([*parts, _on_truncate(table)]), _undo(table))


_ROWS = {
    "insert": (
        "added",
        "NEW TABLE AS come",
        "SELECT id, NULL::jsonb AS earlier, to_jsonb(come) AS later FROM come",
    ),
    "delete": (
        "removed",
        "OLD TABLE AS gone",
        "SELECT id, to_jsonb(gone) AS earlier, NULL::jsonb AS later FROM gone",
    ),
    # by grouping: a cached plan that joins the two tables by nested loops would ruin large updates
    "update": (
        "changed",
        "OLD TABLE AS gone NEW TABLE AS come",
        "SELECT id, (array_agg(whole) FILTER (WHERE NOT is_new))[1] AS earlier,"
        " (array_agg(whole) FILTER (WHERE is_new))[1] AS later"
        " FROM (SELECT id, to_jsonb(gone) AS whole, false AS is_new FROM gone"
        " UNION ALL SELECT id, to_jsonb(come), true FROM come) AS both_rows GROUP BY id",
    ),
}


_ONCE = " OFFSET 0"
_TOLD_AGAIN = "AS each_row\n          ) AS worded"
_TOLD_ONCE = f"AS each_row{_ONCE}\n          ) AS worded"


def told_once() -> migrations.RunSQL:
    """Triggers of an earlier release, which made twice what they told of each row: the same log, sooner."""
    return migrations.RunSQL(_reworded(_TOLD_AGAIN, _TOLD_ONCE), _reworded(_TOLD_ONCE, _TOLD_AGAIN))


def _reworded(old: str, new: str) -> str:
    return f"""
    DO $do$
    DECLARE made text;
    BEGIN
      FOR made IN
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
          AND proname ~ '_audited_(insert|update|delete)$' AND position($one${old}$one$ IN prosrc) > 0
      LOOP
        EXECUTE replace(made, $one${old}$one$, $one${new}$one$);
      END LOOP;
    END $do$;
    """


def _trigger(table: str, event: str, company: str, about: str, told: str) -> str:
    """The trigger of one event.

    A session keeps the plan of its first write, made when tables may have been empty: without the setting a
    later import would look every parent up by reading whole tables. OFFSET 0 keeps a row from being turned
    into JSON, and what is told of it from being made, anew wherever they are named.
    """
    name = f"{table}_audited_{event}"
    action, tables, rows = _ROWS[event]
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM accounts_audit_pend(
        company, '{action}', '{table}',
        ARRAY(SELECT DISTINCT one FROM unnest(abouts) AS one WHERE one IS NOT NULL ORDER BY one),
        jsonb_build_object('rows', rows))
      FROM (
        SELECT company, pack, array_agg(about) AS abouts,
          jsonb_agg(told || jsonb_build_object('id', key) ORDER BY id) AS rows
        FROM (
          SELECT *, (row_number() OVER (PARTITION BY company ORDER BY id) - 1) / {PACK} AS pack
          FROM (
            SELECT id, {company} AS company, coalesce(it ->> 'uuid', it ->> 'id') AS key,
              {told} AS told, {about} AS about
            FROM (SELECT *, coalesce(later, earlier) AS it FROM ({rows} OFFSET 0) AS moved) AS each_row{_ONCE}
          ) AS worded WHERE told IS NOT NULL
        ) AS packed GROUP BY company, pack ORDER BY company, pack
      ) AS entries;
      RETURN NULL;
    END $$;
    CREATE TRIGGER audited_{event} AFTER {event.upper()} ON {table} REFERENCING {tables}
      FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    {run_as_worker(f"{name}()")}
    ALTER FUNCTION {name}() SET enable_seqscan = off;
    """


def _on_truncate(table: str) -> str:
    name = f"{table}_audited_truncate"
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM accounts_audit_pend(NULL, 'emptied', '{table}', '{{}}', '{{}}');
      RETURN NULL;
    END $$;
    CREATE TRIGGER audited_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    {run_as_worker(f"{name}()")}
    """


def _undo(table: str) -> str:
    return "\n".join(
        f"DROP TRIGGER audited_{event} ON {table}; DROP FUNCTION {table}_audited_{event};"
        for event in ("insert", "update", "delete", "truncate")
    )


def _array(names: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def _whole(row: str, untold: str, hushed: Sequence[str]) -> str:
    """A row that came or went, without its empty columns: built in, for large imports."""
    told = f"jsonb_strip_nulls({row} - {untold})"
    return f"accounts_audit_hush({told}, {_array(hushed)})" if hushed else told


def _about(within: Sequence[str]) -> str:
    """The uuids of the row and of what it is a part of, by lookups quick for one row and for many."""
    own = "(it ->> 'uuid')::uuid"
    if not within:
        return f"ARRAY[{own}]"
    columns, tables = within[::2], within[1::2]
    joined = f"{tables[0]} w0" + "".join(
        f" JOIN {table} w{place} ON w{place}.id = w{place - 1}.{columns[place]}"
        for place, table in enumerate(tables[1:], 1)
    )
    found = ", ".join(f"w{place}.uuid" for place in range(len(tables)))
    nothing = ", ".join("NULL" for _ in tables)
    return (
        f"ARRAY[{own}] || coalesce((SELECT ARRAY[{found}] FROM {joined}"
        f" WHERE w0.id = (it ->> '{columns[0]}')::bigint), ARRAY[{nothing}]::uuid[])"
    )


def _sealing(event: str, company: str, fields: str, told: str) -> str:
    sides = {"insert": ("after",), "update": ("before", "after"), "delete": ("before",)}[event]
    pairs = ", ".join(
        f"'{side}', accounts_audit_seal({company}, made -> '{side}', {fields})" for side in sides
    )
    unsealed = f"(SELECT {told} AS made) AS unsealed"
    return f"(SELECT jsonb_build_object({pairs}) FROM {unsealed} WHERE made IS NOT NULL)"

"""News for webhooks, left by the database itself in the transaction of what happened.

Each trigger tells only companies that have an active webhook for its kind, of rows of their own. So nobody
who changes rows has to think of webhooks, and where nobody wants to be told a write costs one look at a short
table.
"""

from __future__ import annotations

from accounts.sql import run_as_worker

WANTED = """EXISTS (SELECT FROM partners_webhook hook
  WHERE hook.company_id = {row}.company_id AND hook.is_active AND '{kind}' = ANY (hook.kinds))"""


def news(table: str, purpose: str, kind: str, *, told: str, on: str = "UPDATE", when: str = "true") -> str:
    """A statement-level trigger that leaves news of the rows that came; ``before`` is the row as it was."""
    name = f"{table}_news_{purpose}_{on.lower()}"
    if on == "UPDATE":
        tables = "REFERENCING OLD TABLE AS gone NEW TABLE AS come"
        rows = "come JOIN gone before ON before.id = come.id"
    else:
        tables, rows = "REFERENCING NEW TABLE AS come", "come"
    return f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM partners_webhook WHERE is_active AND '{kind}' = ANY (kinds)) THEN
        INSERT INTO partners_waitingnews (company_id, kind, thing, told, at)
        SELECT come.company_id, '{kind}', come.uuid, {told}, statement_timestamp()
        FROM {rows} WHERE ({when}) AND {WANTED.format(row="come", kind=kind)} ORDER BY come.id;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER {name} AFTER {on} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    {run_as_worker(f"{name}()")}
    """


def no_news(table: str, purpose: str, *, on: str = "UPDATE") -> str:
    """The reverse."""
    name = f"{table}_news_{purpose}_{on.lower()}"
    return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"


STATE = "jsonb_build_object('state', come.state)"
MOVED = "come.state IS DISTINCT FROM before.state"
ENDED = "come.state IN ('done', 'refused', 'failed', 'cancelled')"
JOB = "jsonb_build_object('state', come.state, 'resource', '{resource}')"
FIGURE = "come.input_digest IS DISTINCT FROM before.input_digest"
SOURCES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("calculation_footprint", "changed", "footprint.changed", {"told": "'{}'::jsonb", "when": FIGURE}),
    ("calculation_footprint", "changed", "footprint.changed", {"told": "'{}'::jsonb", "on": "INSERT"}),
    ("publication_publication", "published", "footprint.published",
     {"told": STATE, "when": f"{MOVED} AND come.state = 'published'"}),
    ("inventory_submission", "moved", "submission.moved", {"told": STATE, "when": MOVED}),
    ("exchange_upsertjob", "done", "job.done",
     {"told": JOB.format(resource="upserts"), "when": f"{MOVED} AND {ENDED}"}),
    ("exchange_importjob", "done", "job.done",
     {"told": JOB.format(resource="imports"), "when": f"{MOVED} AND {ENDED}"}),
    ("partners_partnerevent", "arrived", "request.arrived",
     {"told": STATE, "on": "INSERT", "when": "come.type = 'requested'"}),
)  # fmt: skip
NEWS = "\n".join(news(table, purpose, kind, **more) for table, purpose, kind, more in SOURCES)
NO_NEWS = "\n".join(
    no_news(table, purpose, on=more.get("on", "UPDATE")) for table, purpose, _kind, more in SOURCES
)
EITHER = """
ALTER TABLE partners_delivery ADD CONSTRAINT delivery_has_a_receiver
  CHECK (connection_id IS NOT NULL OR webhook_id IS NOT NULL) NOT VALID;
ALTER TABLE partners_delivery VALIDATE CONSTRAINT delivery_has_a_receiver;
"""
NOT_EITHER = "ALTER TABLE partners_delivery DROP CONSTRAINT delivery_has_a_receiver;"

KEEPS = """
CREATE OR REPLACE FUNCTION partners_delivery_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.uuid, NEW.company_id, NEW.connection_id, NEW.webhook_id, NEW.type, NEW.answers_id, NEW.event_id,
      NEW.body, NEW.created_at)
    IS DISTINCT FROM (OLD.uuid, OLD.company_id, OLD.connection_id, OLD.webhook_id, OLD.type, OLD.answers_id,
      OLD.event_id, OLD.body, OLD.created_at) THEN
    RAISE EXCEPTION 'partners_delivery keeps what it was made with' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""

"""SQL for migrations: which states a row may take, and that what has come to its end stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import migrations


def only_moves(
    table: str,
    moves: Mapping[str, Iterable[str]],
    *,
    forgets: Iterable[str] = (),
    erases: Iterable[str] = (),
) -> migrations.RunSQL:
    """A row begins in the first state of ``moves`` and moves along them, whoever writes.

    A state without moves is an end: nothing of the row changes any more, but that columns in ``forgets``,
    which name other rows, become null when those are removed, and texts in ``erases`` empty.
    """
    first = next(iter(moves))
    steps = ", ".join(f"('{old}', '{new}')" for old, news in moves.items() for new in news)
    states = ", ".join(f"'{state}'" for state in moves)
    ends = ", ".join(f"'{state}'" for state, news in moves.items() if not tuple(news))
    kept = ", ".join(f"'{column}'" for column in (*forgets, *erases))
    nulled = " AND ".join([*_only("IS NULL", forgets), *_only("= ''", erases)])
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {table}_known_state CHECK (state IN ({states}));
        CREATE FUNCTION {table}_only_moves() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE forgets text[] := ARRAY[{kept}]::text[];
        BEGIN
          IF TG_OP = 'INSERT' THEN
            IF NEW.state <> '{first}' THEN
              RAISE EXCEPTION '{table} begins as {first}, not as %', NEW.state
                USING ERRCODE = 'restrict_violation';
            END IF;
          ELSIF OLD.state IN ({ends}) THEN
            IF (to_jsonb(NEW) - forgets) IS DISTINCT FROM (to_jsonb(OLD) - forgets)
               OR NOT ({nulled or "true"}) THEN
              RAISE EXCEPTION '{table} that is % is never edited', OLD.state
                USING ERRCODE = 'restrict_violation';
            END IF;
          ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({steps}) THEN
            RAISE EXCEPTION '{table} does not go from % to %', OLD.state, NEW.state
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER only_moves BEFORE INSERT OR UPDATE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {table}_only_moves();
        """,
        f"""
        DROP TRIGGER only_moves ON {table};
        DROP FUNCTION {table}_only_moves();
        ALTER TABLE {table} DROP CONSTRAINT {table}_known_state;
        """,
    )


def _only(nothing: str, columns: Iterable[str]) -> list[str]:
    """That a column stays, or holds nothing."""
    return [f"(NEW.{each} {nothing} OR NEW.{each} IS NOT DISTINCT FROM OLD.{each})" for each in columns]

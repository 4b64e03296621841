"""`manage.py audit_verify [--company CODE …] [--checkpoint FILE …] [--keys FILE]`: is the log whole?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor
from accounts.audit_chain import read_checkpoint, read_keys
from accounts.audit_checkpoint import BadCheckpoint, Held
from accounts.audit_verification import vanished, verify_stored
from accounts.models import AuditChain
from accounts.visibility import acting_as


class Command(BaseCommand):
    """Exit code 1 when something is wrong, 2 when a file proves nothing."""

    help = "Verify the audit log; a line for each chain, and one for each thing that is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and against what."""
        parser.add_argument("--company", action="append", default=[], metavar="CODE")
        parser.add_argument("--checkpoint", action="append", default=[], type=Path, metavar="FILE")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="public keys, as downloaded once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the chains."""
        try:
            keys = read_keys(options["keys"])
            kept = [read_checkpoint(path, keys) for path in options["checkpoint"]]
        except BadCheckpoint as bad:
            raise CommandError(str(bad), returncode=2) from bad
        with acting_as(Actor.worker()):
            wrong = self._verify(options["company"], kept, keys)
        if wrong:
            raise CommandError(f"{wrong} finding(s): the audit log is not as it was written")

    def _verify(self, codes: list[str], kept: list[Held], keys: dict[str, bytes] | None) -> int:
        chains = {chain.name: chain for chain in AuditChain.objects.order_by("code", "name")}
        asked = [chain for chain in chains.values() if not codes or chain.code in codes]
        if missing := set(codes) - {chain.code for chain in asked}:
            raise CommandError(f"there is no chain of {', '.join(sorted(missing))}", returncode=2)
        wrong = 0
        for chain in asked:
            own = [one for one in kept if one.chain == chain.name]
            findings = verify_stored(chain, kept=own, keys=keys)
            wrong += len(findings)
            for finding in findings:
                self.stdout.write(f"{chain}: {finding}")
            if not findings:
                self.stdout.write(f"{chain}: {chain.position} entries are as they were written")
        for finding in vanished(chains, kept):
            wrong += 1
            self.stdout.write(str(finding))
        return wrong

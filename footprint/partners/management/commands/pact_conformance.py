"""Try whether an endpoint speaks PACT, and say of every case what was asked and answered."""

from __future__ import annotations

import json
import ssl
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners.conformance.asking import Endpoint
from footprint.partners.conformance.cases import prepare
from footprint.partners.conformance.endings import Failed
from footprint.partners.conformance.filters import cases_of
from footprint.partners.conformance.run import Outcome, Reference, Result, is_conformant, run
from footprint.partners.conformance.sending import both_origins, over_the_wire
from footprint.partners.models import Connection
from footprint.partners.queries import answer_to
from footprint.partners.sealing import unseal

MARKS = {Outcome.PASSED: "ok  ", Outcome.WARNED: "warn", Outcome.FAILED: "FAIL", Outcome.SKIPPED: "-   "}


class Command(BaseCommand):
    """`manage.py pact_conformance URL --client-id ID --client-secret SECRET`."""

    help = "Try whether a partner's endpoint (or our own) speaks PACT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, as whom, which version, and where the report goes."""
        parser.add_argument("url", nargs="?", default="", help="base address, for example https://host/pact")
        parser.add_argument("--client-id", default="")
        parser.add_argument("--client-secret", default="")
        parser.add_argument("--auth-url", default="", help="base address of the token endpoint, if another")
        parser.add_argument("--pact", type=int, choices=(2, 3), default=3, help="version to try")
        heard = "a connection by its name: its address and credentials; answers are heard at our endpoint"
        parser.add_argument("--connection", default="", help=heard)
        parser.add_argument("--ca-file", default="", help="certificate to trust, for a test host")
        parser.add_argument("--no-strict", action="store_true", help="only what the official suite looks at")
        parser.add_argument("--json", type=Path, help="write the report, with every exchange, to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all cases; exit 1 unless every mandatory one passed."""
        with translation.override("en"):
            self._try(options)

    def _try(self, options: dict[str, Any]) -> None:
        endpoint, reference = self._prepared(options)
        results = []
        cases = cases_of(endpoint.version, strict=not options["no_strict"])
        for result in run(cases, endpoint, reference):
            results.append(result)
            line = f"{MARKS[result.outcome]} {result.case.number:>5}  {result.case.title_en}"
            self.stdout.write(f"{line}: {result.why}" if result.why else line)
        if options["json"]:
            options["json"].write_text(json.dumps([_told(each) for each in results], indent=1), "utf-8")
        passed = sum(each.outcome in (Outcome.PASSED, Outcome.WARNED) for each in results)
        self.stdout.write(f"{passed} of {len(results)} passed")
        if not is_conformant(results):
            raise CommandError("the endpoint does not conform: mandatory cases failed or could not be tried")

    def _prepared(self, options: dict[str, Any]) -> tuple[Endpoint, Reference]:
        connection = self._connection(options["connection"])
        url = (options["url"] or (connection.base_url if connection else "")).rstrip("/")
        if not url:
            raise CommandError("name the address of the endpoint, or a connection")
        trust = _trusting(options["ca_file"]) if options["ca_file"] else None
        origins = [*both_origins(url), *both_origins(options["auth_url"] or url)]
        endpoint = Endpoint(
            url,
            options["client_id"] or (connection.callback_id if connection else ""),
            options["client_secret"] or (unseal(connection.callback_secret) or "" if connection else ""),
            over_the_wire(origins=origins, trust=trust),
            version=options["pact"],
            auth_url=options["auth_url"].rstrip("/") or (connection.auth_url if connection else ""),
        )
        reference = Reference(source=settings.PARTNER_URL)
        if connection is not None:
            reference.answer_to = lambda event_id: self._heard(connection, event_id)
        try:
            prepare(endpoint, reference)
        except Failed as failure:
            raise CommandError(f"nothing can be tried: {failure}") from failure
        return endpoint, reference

    def _connection(self, name: str) -> Connection | None:
        if not name:
            return None
        with acting_as(Actor.worker()):
            found = Connection.objects.filter(name=name, state=Connection.State.ACTIVE).first()
        if found is None:
            raise CommandError(f"there is no active connection “{name}”")
        return found

    def _heard(self, connection: Connection, event_id: str) -> dict[str, Any] | None:
        found = answer_to(connection, event_id)
        if found is None:
            time.sleep(0.2)
        return found


def _trusting(file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise CommandError(f"{file} is no certificate: {error.strerror or error}") from error


def _told(result: Result) -> dict[str, Any]:
    return {
        "case": result.case.number,
        "title": result.case.title_en,
        "kind": result.case.kind.value,
        "outcome": result.outcome.value,
        "why": result.why,
        "exchanges": [asdict(each) for each in result.exchanges],
    }

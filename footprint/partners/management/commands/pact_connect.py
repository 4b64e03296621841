"""Connect a partner's system and print its credentials, which are shown this once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import actor_for_company
from accounts.visibility import acting_as
from footprint.partners import actions
from footprint.partners.actions.connecting import Credentials
from footprint.partners.models import Connection
from footprint.partners.pact.levels import Level
from footprint.partners.queries import offering_companies


class Command(BaseCommand):
    """`manage.py pact_connect --name "Conformance suite"`."""

    help = "Let a partner's system in by PACT: everything the company published is open to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and where they are called back."""
        parser.add_argument("--name", required=True, help="what the connection is called")
        parser.add_argument("--company", default="", help="code of the company; default: one that publishes")
        parser.add_argument("--level", choices=[level.value for level in Level], default=Level.FULL.value)
        parser.add_argument("--base-url", default="", help="where their events are posted (…/3/events)")
        parser.add_argument("--auth-url", default="", help="where their token endpoint is, if elsewhere")
        parser.add_argument("--callback-id", default="", help="our client id at their side")
        parser.add_argument("--callback-secret", default="", help="our client secret at their side")
        parser.add_argument("--pact", type=int, choices=(2, 3), default=3, help="the version they speak")
        parser.add_argument("--ask-people", action="store_true", help="people answer requests, not a rule")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Request, approve, grant, print."""
        actions.offer_waiting(at=timezone.now())
        company = self._company(options["company"])
        by = actor_for_company(company)
        try:
            with acting_as(by):
                made = self._connected(company, by, options)
        except Refusal as refusal:
            raise CommandError(f"{refusal.field or 'refused'}: {refusal}") from refusal
        told = {
            "company": company.code,
            "base_url": settings.PARTNER_URL,
            "token_url": f"{settings.PARTNER_URL}/auth/token",
            "client_id": made.client_id,
            "client_secret": made.client_secret,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {value}")

    def _connected(self, company: Company, by: Actor, options: dict[str, Any]) -> Credentials:
        connection = actions.request_connection(
            company,
            by=by,
            name=options["name"],
            base_url=options["base_url"],
            auth_url=options["auth_url"],
            callback_id=options["callback_id"],
            callback_secret=options["callback_secret"],
            speaks=options["pact"],
            answers=Connection.Answers.PEOPLE if options["ask_people"] else Connection.Answers.GRANTED,
        )
        made = actions.approve_connection(connection, by=by, at=timezone.now())
        actions.grant_footprints(
            connection, by=by, at=timezone.now(), level=options["level"], purpose=options["name"]
        )
        return made

    def _company(self, code: str) -> Company:
        if code:
            found = Company.objects.filter(code=code).first()
        else:
            with acting_as(Actor.worker()):
                found = offering_companies().first()
        if found is None:
            raise CommandError("there is no such company, or none has published anything yet")
        return found

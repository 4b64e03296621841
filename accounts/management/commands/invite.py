"""`manage.py invite --company CODE --role ROLE --email ADDRESS`: ask the first people of a company in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import invite
from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company, User
from accounts.visibility import acting_as


class Command(BaseCommand):
    """For companies in which nobody can invite: yet, as the alliance's own office, or any more."""

    help = "Invite somebody to a company with roles, and print the link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, where, as what."""
        parser.add_argument("--company", required=True, metavar="CODE")
        parser.add_argument("--role", required=True, action="append", dest="roles", help="may be repeated")
        parser.add_argument("--email", required=True)
        parser.add_argument("--language", choices=User.Locale.values, default=User.Locale.CHINESE)

    def handle(self, *args: Any, **options: Any) -> None:
        """As the platform; the link goes out by mail, too, where mail is set up."""
        company = Company.objects.filter(code=options["company"]).first()
        if company is None:
            raise CommandError(f"there is no company {options['company']!r}")
        actor = Actor.worker()
        try:
            with acting_as(actor):
                sent = invite(
                    company,
                    by=actor,
                    email=options["email"],
                    roles=options["roles"],
                    locale=options["language"],
                )
        except (Refusal, Refusals) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{sent.link}\nopens until {sent.invitation.expires_at:%Y-%m-%d %H:%M %Z}")

"""`manage.py add_company CODE --name-zh … --name-en …`: take a company into the directory."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import add_company
from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company
from accounts.visibility import acting_as


class Command(BaseCommand):
    """What the alliance decides; `manage.py invite` asks its first people in."""

    help = "Add a company: a member, a supplier, a verification body, or the alliance's own office."

    def add_arguments(self, parser: CommandParser) -> None:
        """What it is called, what it is, and to which group it belongs."""
        parser.add_argument("code")
        parser.add_argument("--name-zh", required=True)
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--kind", choices=Company.Kind.values, default=Company.Kind.MEMBER)
        parser.add_argument("--group", default="", metavar="CODE", help="a group of its own unless named")

    def handle(self, *args: Any, **options: Any) -> None:
        """As the platform."""
        actor = Actor.worker()
        names = ("code", "name_zh", "name_en", "kind", "group")
        try:
            with acting_as(actor):
                made = add_company(by=actor, **{name: options[name] for name in names})
        except (Refusal, Refusals) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"company {made.code} of group {made.group.code}")

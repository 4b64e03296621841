"""`manage.py demo_logins`: who can sign in to the demo alliance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import ServiceClient, User
from accounts.roles import ROLES, Role
from alliance.demo import directory


class Command(BaseCommand):
    """Reads the description and prints what of it is in the database."""

    help = "Print the logins and machine clients of the demo alliance."

    def handle(self, *args: Any, **options: Any) -> None:
        """Two tables and the passphrase."""
        described = directory.people()
        known = set(
            User.objects.filter(email__in=[person.email for person in described]).values_list(
                "email", flat=True
            )
        )
        if not known:
            self.stdout.write("the demo alliance is not loaded: manage.py load_demo")
            return
        self.stdout.write(f"Password of every demo login: {directory.PASSPHRASE}\n")
        table = [
            (person.email, ROLES[Role(person.role)].name_en, directory.companies()[person.company].name_en)
            for person in described
            if person.email in known
        ]
        self._print(("login", "role", "company"), table)
        self.stdout.write("\nMachine clients (OAuth2 client credentials):")
        active = set(
            ServiceClient.objects.filter(is_active=True).values_list("application__client_id", flat=True)
        )
        clients = [
            (client.client_id, client.client_secret, directory.companies()[client.company].name_en)
            for client in directory.clients()
            if client.client_id in active
        ]
        self._print(("client id", "client secret", "company"), clients)

    def _print(self, head: tuple[str, ...], table: Sequence[tuple[str, ...]]) -> None:
        widths = [max(len(row[column]) for row in (head, *table)) for column in range(len(head))]
        for row in (head, *table):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())

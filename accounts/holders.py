"""Who holds a permission: the reverse of what an actor may do."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.models import User
from accounts.queries import delegations_on, memberships_on
from accounts.roles import Permission, roles_with


def holders(*permissions: Permission, company_id: int | None = None, on: date | None = None) -> set[int]:
    """People whose own or lent role carries one of these today, at a company or anywhere."""
    today = on or timezone.localdate()
    roles = {role.value for permission in permissions for role in roles_with(permission)}
    held = memberships_on(today).filter(role__in=roles)
    if company_id is not None:
        held = held.filter(company_id=company_id)
    lent = delegations_on(today).filter(membership__in=held)
    found = set(held.values_list("user_id", flat=True)) | set(lent.values_list("delegate_id", flat=True))
    return set(User.objects.filter(pk__in=found, is_active=True).values_list("pk", flat=True))


def people_of(company_id: int, on: date | None = None) -> set[int]:
    """Everybody with a role in a company today."""
    held = memberships_on(on or timezone.localdate()).filter(company_id=company_id)
    return set(held.values_list("user_id", flat=True))

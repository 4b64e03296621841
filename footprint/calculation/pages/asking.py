"""What every page of this room does first: find one's own thing, and ask whether one may change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import Http404

from accounts.actor import Actor
from accounts.asked import AskedRequest, gate
from accounts.forms import attempt
from accounts.policy import can
from accounts.roles import Permission
from footprint.calculation import ledger
from footprint.calculation.queries import refuse_unsolvable
from footprint.inventory.models import Inventory

T = TypeVar("T")


def or_404(found: T | None) -> T:
    """The thing; what does not exist for the person does not exist. Raises Http404."""
    if found is None:
        raise Http404
    return found


def may_edit(actor: Actor, inventory: Inventory) -> bool:
    """Whether the person may change lines of this inventory."""
    return bool(
        can(
            actor,
            Permission.EDIT_INVENTORY,
            company_id=inventory.company_id,
            site_id=inventory.site_id,
        )
    )


def gate_inventory(actor: Actor, inventory: Inventory) -> None:
    """Pass, or raise PermissionDenied."""
    gate(actor, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)


def changed(
    request: AskedRequest,
    form: forms.Form,
    act: Callable[[], T],
    process_ids: Callable[[T], list[int]] = lambda _done: [],
) -> T | None:
    """Do the action, refuse it when a loop can no longer be solved, and wake the workers."""

    def act_and_check() -> T:
        done = act()
        refuse_unsolvable(request.actor, process_ids(done))
        return done

    done = attempt(form, act_and_check)
    if done is not None:
        ledger.wake()
    return done

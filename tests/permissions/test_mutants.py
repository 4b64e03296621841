"""No guard can be taken away unnoticed. All mutants and the whole matrix: benchmarks/bench_permissions.py."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.permissions import mutants
from tests.permissions.mutants import Mutant
from tests.permissions.world import World

pytestmark = pytest.mark.django_db


def survivors(of: Iterable[Mutant], world: World) -> list[str]:
    return [mutant.name for mutant in of if not mutant.is_caught(world)]


def test_every_policy_is_missed(world: World) -> None:
    assert survivors(mutants.of_policies(), world) == []


def test_every_composite_key_is_missed(world: World) -> None:
    assert survivors(mutants.of_keys(), world) == []


def test_every_restriction_of_a_queryset_is_missed(world: World) -> None:
    assert survivors(mutants.of_querysets(), world) == []


def test_every_gate_is_missed(world: World) -> None:
    assert survivors(mutants.of_gates(world.askers), world) == []


def test_every_action_refuses_before_all_else(world: World) -> None:
    assert len(list(mutants.checked(mutants.action_modules()))) > 20
    assert list(mutants.unrefused(world)) == []


def test_every_permission_of_a_role_is_missed(world: World) -> None:
    assert survivors(mutants.of_permissions(world.askers), world) == []


def test_every_check_of_an_action_or_a_page_is_missed(world: World) -> None:
    assert survivors(mutants.of_checks(world.askers), world) == []

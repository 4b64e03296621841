"""Six attacks on released benchmarks, by members who read what the interface shows them, over eight epochs.

An attacker knows more than a member does: exact numbers of contributors, who joined, left or changed, all
volumes. A hit is an estimate within one per cent; the blind guess is the released figure itself.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from footprint.benchmark.models import Definition
from footprint.engine.disclosure.decision import decide
from footprint.engine.disclosure.gates import Contributor
from footprint.engine.disclosure.parts import decide_parts
from footprint.engine.disclosure.statistics import harrell_davis_weights
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import STARTS, Office, give, profile

EPOCHS = 8
CLOSE = 0.01
TRIFLE = 1e-4
_number = itertools.count(1)
Seen = dict[str, float]


@dataclass
class Score:
    """Tries, hits of the attack and of the blind guess, by attack."""

    tries: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    blind: Counter[str] = field(default_factory=Counter)
    singled_out: int = 0
    released: int = 0
    blocked: int = 0

    def note(self, attack: str, estimate: float, truth: float, guess: float) -> None:
        """One estimate of one rival's value, beside the blind guess of it."""
        self.tries[attack] += 1
        self.hits[attack] += int(abs(estimate / truth - 1.0) <= CLOSE)
        self.blind[attack] += int(abs(guess / truth - 1.0) <= CLOSE)

    def gain(self, attack: str) -> float:
        """How much more often the attack hits than the guess, of all tries."""
        tries = self.tries[attack]
        return (self.hits[attack] - self.blind[attack]) / tries if tries else 0.0


@dataclass
class Epoch:
    """What was true and what a member saw in one released epoch."""

    values: dict[int, float]
    seen: Seen


class Game:
    """One product, its rivals, and what happens to them."""

    def __init__(self, size: int, seed: int, office: Office, companies: list[Company]) -> None:
        self.rng = np.random.default_rng(seed)
        self.office, self.companies = office, companies
        code = f"game-{next(_number)}"
        self.category = ProductCategory.objects.create(code=code, name_zh=code, name_en=code, unit="kg")
        self.all = office.define(self.category, profile(), year=2020, at=STARTS)
        self.narrow = office.define(self.category, profile(), year=2020, technology="narrow", at=STARTS)
        self.volumes = dict(enumerate(self.rng.lognormal(4, 0.6, len(companies))))
        self.values = {number: self._draw() for number in range(size)}
        self.waiting = list(range(size, len(companies)))
        self.eye = Client(headers={"Accept-Language": "en"})
        self.eye.force_login(new.person(companies[0], Role.OWNER))

    def _draw(self) -> float:
        return float(1.6 * self.rng.lognormal(0, 0.25))

    def live_through(self, score: Score) -> None:
        """Eight epochs: some change, one joins, one leaves; what is released is attacked."""
        before: Epoch | None = None
        for epoch in range(EPOCHS):
            if epoch:
                self._move_on(epoch)
            at = STARTS.replace(year=STARTS.year + epoch // 4, month=1 + 3 * (epoch % 4))
            wide = self._released(self.all, self.values, at, score)
            few = dict(list(self.values.items())[: max(5, len(self.values) - 1 - epoch % 3)])
            narrow = self._released(self.narrow, few, at, score)
            if wide and narrow:
                self._attack_filter(score, Epoch(self.values, wide), Epoch(few, narrow))
            if wide:
                now = Epoch(dict(self.values), wide)
                self._attack_dominance(score, now)
                if before:
                    self._attack_difference(score, before, now)
                before = now
            self._attack_metadata(score)

    def _move_on(self, epoch: int) -> None:
        """Every fourth time one joins while others only are accepted anew, a trifle higher or lower."""
        if epoch % 4 == 3:
            for number in list(self.values)[1:3]:
                self.values[number] *= float(self.rng.lognormal(0, TRIFLE))
            if self.waiting:
                self.values[self.waiting.pop(0)] = self._draw()
            return
        changed = self.rng.random(len(self.values)) < (0.1, 0.5)[epoch % 2]
        for number, moves in zip(list(self.values), changed, strict=True):
            if moves and number:
                self.values[number] *= float(self.rng.lognormal(-0.02, 0.08))
        if epoch % 2 and self.waiting:
            self.values[self.waiting.pop(0)] = self._draw()
        elif epoch % 4 == 2 and len(self.values) > 5:
            self.values.pop(list(self.values)[-1])

    def _released(
        self, definition: Definition, values: dict[int, float], at: datetime, score: Score
    ) -> Seen | None:
        self._give(definition, values)
        state = self.office.release(definition, at).state
        score.released += state == "released"
        score.blocked += state == "blocked"
        return self._look(definition) if state == "released" else None

    def _give(self, definition: Definition, values: dict[int, float]) -> None:
        chosen = [self.companies[number] for number in values]
        give(definition, list(values.values()), chosen, [self.volumes[number] for number in values])

    def _look(self, definition: Definition) -> Seen | None:
        for row in self._answer().json():
            if row["definition"] == str(definition.uuid):
                return row["figures_kg_co2e"] or None
        return None

    def _answer(self) -> Any:
        return self.eye.get("/api/v1/benchmarks/", {"category": self.category.code})

    def _attack_difference(self, score: Score, before: Epoch, now: Epoch) -> None:
        """Newcomer, leaver, and two who collude: what the sums of two releases differ by."""
        was, here = set(before.values), set(now.values)
        guess = now.seen["median"]
        for name in now.seen.keys() & before.seen.keys() & {"median", "mean"}:
            grown = len(here) * now.seen[name] - len(was) * before.seen[name]
            for who in here - was:
                score.note("newcomer", grown, now.values[who], guess)
            for who in was - here:
                score.note("leaver", -grown, before.values[who], before.seen["median"])
            moved = {who for who in was & here if before.values[who] != now.values[who]} | (here - was)
            for pair in itertools.combinations(sorted(moved | {0}), 2):
                known = sum(now.values[who] - before.values.get(who, 0.0) for who in pair)
                for victim in moved - set(pair):
                    old = before.seen[name] if victim in was else 0.0
                    score.note("collusion", grown - known + old, now.values[victim], guess)

    def _attack_filter(self, score: Score, wide: Epoch, narrow: Epoch) -> None:
        """All against all but some: the difference is theirs."""
        left_out = set(wide.values) - set(narrow.values)
        score.singled_out += 0 < len(left_out) < 3
        for name in wide.seen.keys() & narrow.seen.keys() & {"median", "mean"}:
            rest = len(wide.values) * wide.seen[name] - len(narrow.values) * narrow.seen[name]
            for who in left_out:
                score.note("filter", rest / len(left_out), wide.values[who], wide.seen["median"])

    def _attack_dominance(self, score: Score, now: Epoch) -> None:
        """The second largest takes itself out of the weighted mean and calls the rest the largest."""
        if "weighted_mean" not in now.seen:
            return
        order = sorted(now.values, key=lambda who: -self.volumes[who])
        first, second, whole = order[0], order[1], sum(self.volumes[who] for who in order)
        others = whole - self.volumes[first] - self.volumes[second]
        burden = now.seen["weighted_mean"] * whole - now.values[second] * self.volumes[second]
        estimate = (burden - others * now.seen["mean"]) / self.volumes[first]
        score.note("dominance", estimate, now.values[first], now.seen["median"])

    def _attack_metadata(self, score: Score) -> None:
        """Did a member edit just now? Body, size and headers before and after, guessed by any difference."""
        for edits in (False, True):
            earlier = self._fingerprint()
            if edits:
                victim = list(self.values)[-1]
                self._give(self.all, {**self.values, victim: self.values[victim] * 1.3})
            noticed = self._fingerprint() != earlier
            score.tries["metadata"] += 1
            score.hits["metadata"] += noticed == edits
            score.blind["metadata"] += not edits

    def _fingerprint(self) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        answer = self._answer()
        changing = ("Date", "X-Request-ID", "Content-Security-Policy", "X-Audit-Head")
        told = {name: value for name, value in answer.headers.items() if name not in changing}
        return answer.content, tuple(sorted(told.items()))


def play(sizes: list[int], seed: int = 0) -> Score:
    """One game for each size of the cohort at its start."""
    office = Office()
    companies = [new.company() for _ in range(max(sizes) + 4)]
    score = Score()
    for place, size in enumerate(sizes):
        Game(size, seed + place, office, companies).live_through(score)
    return score


class GatesAlone(Game):
    """The same game without a database: what the gates let through is what the attackers see."""

    def __init__(self, size: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.volumes = dict(enumerate(self.rng.lognormal(4, 0.6, size + 4)))
        self.values = {number: self._draw() for number in range(size)}
        self.waiting = list(range(size, size + 4))
        self.all, self.narrow = Definition(technology="all"), Definition(technology="narrow")
        self.told: list[tuple[str, dict[int, float]]] = []

    def _released(
        self, definition: Definition, values: dict[int, float], at: datetime, score: Score
    ) -> Seen | None:
        own = [cohort for name, cohort in self.told if name == definition.technology]
        cohort = {number: Contributor(value, self.volumes[number]) for number, value in values.items()}
        last = own[-1] if own else None
        decision = decide(cohort, last=last, others=[told for _name, told in self.told if told is not last])
        score.released += decision.is_open
        score.blocked += not decision.is_open
        if decision.is_open:
            self.told.append((definition.technology, dict(values)))
        return {name: float(figure) for name, figure in decision.figures.items()} or None

    def _attack_metadata(self, score: Score) -> None:
        """There is no answer to look at."""


class Apart(GatesAlone):
    """The same game over what medians are made of: feed, energy, process chemistry, the rest."""

    def __init__(self, size: int, seed: int) -> None:
        super().__init__(size, seed)
        self.mixes = self.rng.dirichlet((10, 6, 3, 1), size + 4)
        self.apart: list[dict[int, dict[str, float]]] = []

    def live_through(self, score: Score) -> None:
        """Each epoch the parts of the wide comparison, held against all that were told before."""
        before: tuple[dict[int, dict[str, float]], Seen] | None = None
        for epoch in range(EPOCHS):
            if epoch:
                self._move_on(epoch)
            told = self._released(self.all, self.values, STARTS, score)
            now = self._parts(epoch)
            seen = self._told_of_parts(now, told) if told else None
            if seen is None:
                continue
            self._attack_middle(score, now, seen)
            if before is not None:
                self._attack_parts(score, *before, now, seen)
            before = now, seen

    def _parts(self, epoch: int) -> dict[int, dict[str, float]]:
        """Of the values as they are; in every other epoch some mixes change beside them."""
        if epoch % 2:
            self.mixes[1:3] = self.rng.dirichlet((10, 6, 3, 1), 2)
        found = {}
        for number, value in self.values.items():
            feed, energy, chemistry, rest = (value * self.mixes[number]).tolist()
            found[number] = {
                "feed": feed, "energy": energy, "chemistry": chemistry, "rest": rest,
                "allocation": value - feed - energy - chemistry - rest,
            }  # fmt: skip
        return found

    def _told_of_parts(self, now: dict[int, dict[str, float]], told: Seen) -> Seen | None:
        cohort = {number: Contributor(value, self.volumes[number]) for number, value in self.values.items()}
        found = decide_parts(cohort, now, Decimal(repr(told["median"])), earlier=self.apart)
        if found.blocked is not None:
            return None
        self.apart.append(now)
        return {name: float(figure) for name, figure in found.figures.items() if name != "allocation"}

    def _attack_middle(self, score: Score, now: dict[int, dict[str, float]], seen: Seen) -> None:
        """Who has which rank is known: the heaviest other rank, once one's own part is taken out."""
        order = sorted(now, key=lambda who: self.values[who])
        weights = harrell_davis_weights(len(order), 0.5)
        own = order.index(0)
        middle = max((rank for rank in range(len(order)) if rank != own), key=lambda rank: weights[rank])
        for part, figure in seen.items():
            rest = 1.0 - weights[own] - weights[middle]
            left = figure - weights[own] * now[0][part] - rest * figure
            score.note("middle", left / weights[middle], now[order[middle]][part], figure)

    def _attack_parts(
        self,
        score: Score,
        was: dict[int, dict[str, float]],
        saw: Seen,
        now: dict[int, dict[str, float]],
        seen: Seen,
    ) -> None:
        """What the parts of two releases differ by is the newcomer's, or the leaver's."""
        for part in seen:
            grown = len(now) * seen[part] - len(was) * saw[part]
            for who in now.keys() - was.keys():
                score.note("parts", grown, now[who][part], seen[part])
            for who in was.keys() - now.keys():
                score.note("parts", -grown, was[who][part], saw[part])

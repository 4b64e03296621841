"""Studies: cut into chunks, killed, repeated, and the same numbers in the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.analysis import doubt, queries
from footprint.analysis.actions import sample
from footprint.analysis.actions.sample import UnderWay, start_run, work
from footprint.analysis.ground import ground_of
from footprint.analysis.models import SampleChunk, SampledFigure, Study, UncertaintyRun
from footprint.calculation import ledger, memory
from footprint.engine.montecarlo import monte_carlo
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.footprint.analysis.chain import Chain

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = Actor.worker()


def finished(samples: int = 200, seed: int = 7) -> UncertaintyRun:
    run = start_run(by=WORKER, samples=samples, seed=seed)
    while work():
        pass
    run.refresh_from_db()
    assert run.state == UncertaintyRun.State.DONE
    return run


def numbers(run: UncertaintyRun) -> dict[int, tuple[Any, ...]]:
    return {
        row.footprint_id: (row.mean, row.sd, row.low, row.median, row.high, bytes(row.values))
        for row in SampledFigure.objects.filter(run=run)
    }


def test_it_is_what_the_engine_samples(chain: Chain) -> None:
    run = finished()
    with ledger.snapshot():
        ground = ground_of(memory.recall().live)
    spread = doubt.sampled(ground, 7)
    expected = monte_carlo(ground.equations, ground.plan, spread, 200, weights=ground.gwp)
    for product in (chain.naphtha, chain.coke, chain.ethylene):
        footprint = chain.footprint(product)
        node = ground.columns[footprint.process_id, product.pk]
        found = SampledFigure.objects.get(run=run, footprint=footprint)
        assert (found.mean, found.sd, found.low, found.median, found.high) == (
            expected.mean[node, 0],
            expected.sd[node, 0],
            expected.low[node, 0],
            expected.median[node, 0],
            expected.high[node, 0],
        )
        assert (found.samples, found.refused, found.kg_co2e) == (200, 0, footprint.kg_co2e_ar6)
    assert run.columns == 3
    assert run.progress == 1.0
    assert not SampleChunk.objects.exists()
    assert not Study.objects.exists()


def test_lines_that_nearly_cancel_break_nobodys_study(chain: Chain) -> None:
    """Relative to what is left of them their spread is beyond every number."""
    process, made = new.process(chain.refinery.inventory), new.product(chain.refiner, "left-over")
    new.output(process, made, "100")
    for amount in ("1000", "-999.9999"):
        new.emits(process, amount)
        new.takes(process, chain.naphtha, amount, provider_process=chain.refinery)
    Exchange.objects.filter(process=process, direction="input").update(gsd2=Decimal(1000))
    ledger.drain()
    run = finished()
    found = SampledFigure.objects.get(run=run, footprint=chain.footprint(made))
    assert found.low is not None and found.high is not None and 0.0 < found.low < found.high
    assert SampledFigure.objects.filter(run=run).count() == 4


def test_however_it_is_cut_and_whoever_dies(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker dies in its first chunk, a chunk is lost, data change meanwhile: the same bits."""
    undisturbed = numbers(finished())
    monkeypatch.setattr(sample, "CHUNK", 48)
    run = start_run(by=WORKER, samples=200, seed=7)
    assert work()
    Exchange.objects.filter(pk=chain.stack.pk).update(amount=300)
    block, calls = sample.Frozen.block, []

    def dying(self: Any, first: int, count: int) -> Any:
        calls.append(first)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return block(self, first, count)

    monkeypatch.setattr(sample.Frozen, "block", dying)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert SampleChunk.objects.filter(run=run, values=None).count() == 5
    assert work()
    SampleChunk.objects.filter(run=run, first=0).update(values=None)
    while work():
        pass
    run.refresh_from_db()
    assert run.state == UncertaintyRun.State.DONE
    assert calls == [0, 0, 0, 48, 96, 144, 192]
    assert numbers(run) == undisturbed
    assert UncertaintyRun.objects.count() == 1


def test_two_workers_take_different_chunks(chain: Chain) -> None:
    run = start_run(by=WORKER, samples=128, seed=1)
    assert work()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM analysis_samplechunk WHERE first = 0 FOR UPDATE")
            assert work()
            assert not work()
            waiting = SampleChunk.objects.filter(run=run, values=None)
            assert list(waiting.values_list("first", flat=True)) == [0]
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    while work():
        pass
    run.refresh_from_db()
    assert run.state == UncertaintyRun.State.DONE


def test_a_run_that_keeps_breaking_is_broken_off(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(self: Any, first: int, count: int) -> Any:
        raise ValueError("no")

    run = start_run(by=WORKER, samples=128)
    monkeypatch.setattr(sample.Frozen, "block", breaking)
    while work():
        pass
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("failed", sample.MOST_ATTEMPTS)
    assert not SampleChunk.objects.exists()
    start_run(by=WORKER, samples=128)


def test_one_at_a_time_by_owners_within_bounds(chain: Chain) -> None:
    owner = new.actor(chain.refiner)
    with acting_as(owner):
        for wrong in ({"samples": 99}, {"samples": 10_001}, {"seed": -1}, {"seed": 2**63}):
            with pytest.raises(Refusal):
                start_run(by=owner, **wrong)
        start_run(by=owner)
        with pytest.raises(UnderWay):
            start_run(by=owner)
    with pytest.raises(NotAllowed):
        start_run(by=new.actor(chain.refiner, Role.APPROVER))
    assert UncertaintyRun.objects.count() == 1


def test_the_command_does_it_all(chain: Chain, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sample_uncertainty", "--samples", "100", "--seed", "3")
    assert "3 products, 100 samples: done" in capsys.readouterr().out
    assert UncertaintyRun.objects.get().seed == 3


def test_which_of_two_is_lower_knows_what_they_share(chain: Chain) -> None:
    """Both come out of one process: mass splits it evenly per kg, so that the two are always equal."""
    owner = new.actor(chain.refiner)
    naphtha, coke = chain.footprint(chain.naphtha), chain.footprint(chain.coke)
    with acting_as(owner):
        assert queries.compare(owner, naphtha, coke) is None
    finished(1000)
    with acting_as(owner):
        left, right = (queries.uncertainty(owner, one) for one in (naphtha, coke))
        assert left is not None
        assert right is not None
        np.testing.assert_allclose(queries.samples(left), queries.samples(right), rtol=1e-12)
        assert len(queries.samples(left)) == 1000
        assert not queries.is_outdated(left)
    other = new.product(chain.refiner, "other")
    process = new.process(chain.refinery.inventory)
    new.output(process, other, "100")
    new.emits(process, "141")
    ledger.drain()
    finished(1000)
    with acting_as(owner):
        below = queries.compare(owner, naphtha, chain.footprint(other))
        above = queries.compare(owner, chain.footprint(other), naphtha)
        assert below is not None
        assert above is not None
        assert 0.5 < below < 0.9
        assert below + above == pytest.approx(1.0)


def test_partners_read_none_of_it_and_the_web_no_chunk(chain: Chain) -> None:
    finished()
    partner = new.actor(chain.cracker_of)
    naphtha, coke = chain.footprint(chain.naphtha), chain.footprint(chain.coke)
    with acting_as(partner):
        assert queries.uncertainty(partner, naphtha) is None
        assert queries.compare(partner, naphtha, coke) is None
        assert set(SampledFigure.objects.values_list("company_id", flat=True)) == {chain.cracker_of.pk}
        assert queries.latest_run(partner) is not None
    assert queries.latest_run(Actor.nobody()) is None
    for model in (Study, SampleChunk):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(partner):
            list(model.objects.all())
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(partner):
        UncertaintyRun.objects.update(seed=1)

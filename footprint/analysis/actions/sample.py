"""Monte Carlo of the whole network: ask for it, do the next piece of it, wherever the last worker stopped.

What is to be done is read off the rows: a chunk without values waits. Whoever computes one holds its row; a
worker that dies lets go of it, and the chunk waits again. Celery only wakes.
"""

from __future__ import annotations

import logging

import numpy as np
from celery import current_app, group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.analysis.ground import ground_of
from footprint.analysis.models import SampleChunk, SampledFigure, Study, UncertaintyRun
from footprint.analysis.study import Frozen, as_block, as_bytes
from footprint.calculation import memory
from footprint.calculation.ledger import snapshot
from footprint.calculation.models import Footprint
from footprint.engine import ENGINE_VERSION
from footprint.engine.montecarlo import merge

logger = logging.getLogger(__name__)

SAMPLE_TASK = "footprint.analysis.sample"
SAMPLES = 1000
FEWEST, MOST = 100, 10_000
MOST_NUMBERS = 50_000_000
"""Samples of all columns together that are kept at a time, eight bytes each."""
CHUNK = 64
"""Samples of a chunk; a multiple of the engine's lanes."""
MOST_ATTEMPTS = 3
State = UncertaintyRun.State


class UnderWay(Refusal):
    """Another study is not finished."""

    code = "run_under_way"
    status = 409


def start_run(*, by: Actor, samples: int = SAMPLES, seed: int = 0) -> UncertaintyRun:
    """Ask for a study of all products; workers are woken after commit.

    Raises:
        NotAllowed: neither the owner of a company's data nor the worker itself.
        UnderWay: one is unfinished.
        Refusal: bad_samples or bad_seed.
    """
    require(by, Permission.EDIT_PRODUCT)
    if not FEWEST <= samples <= MOST:
        message = _("Enter a number of samples from %(fewest)d to %(most)d.")
        raise Refusal(message % {"fewest": FEWEST, "most": MOST}, field="samples", code="bad_samples")
    if not 0 <= seed < 2**63:
        raise Refusal(_("Enter a whole number from 0 on."), field="seed", code="bad_seed")
    try:
        with transaction.atomic():
            run = UncertaintyRun.objects.create(samples=samples, seed=seed)
            transaction.on_commit(_wake, robust=True)
    except IntegrityError as error:
        raise UnderWay(_("A study is under way. Wait until it is finished, then start another.")) from error
    return run


def work() -> bool:
    """Do the next piece of the unfinished run: freeze it or one chunk, and the summary after the last.

    Whether there was something to do.

    A piece that breaks is tried again, a few times; then the run is broken off.
    """
    run = UncertaintyRun.objects.filter(finished_at=None).first()
    if run is None:
        return False
    try:
        done = _freeze(run.pk) if run.state == State.QUEUED else _chunk(run.pk)
        return _finish(run.pk) or done
    except Exception:
        logger.exception("uncertainty run %s broke", run.uuid)
        return _broke(run.pk)


def _wake(pieces: int = 1) -> None:
    """One message for every piece that can be done side by side."""
    signature = current_app.signature(SAMPLE_TASK, immutable=True)
    group(signature for _number in range(pieces)).apply_async(ignore_result=True, retry=False)


def _freeze(run_id: int) -> bool:
    with snapshot():
        run = _held(run_id, State.QUEUED)
        if run is None:
            return False
        ground = ground_of(memory.recall().live)
        stored = Footprint.objects.filter(state=Footprint.State.CURRENT)
        rows = stored.values_list("process_id", "product_id", "pk", "company_id")
        footprints = {
            ground.columns[process, product]: (pk, company)
            for process, product, pk, company in rows
            if (process, product) in ground.columns
        }
        samples = min(run.samples, max(2, MOST_NUMBERS // max(1, len(footprints))))
        Study.objects.create(run=run, content=Frozen.of(ground, footprints, run.seed).packed())
        firsts = range(0, samples, CHUNK)
        SampleChunk.objects.bulk_create(
            SampleChunk(run=run, first=first, count=min(CHUNK, samples - first)) for first in firsts
        )
        run.state, run.samples, run.columns, run.chunks = State.RUNNING, samples, len(footprints), len(firsts)
        run.engine_version = ENGINE_VERSION
        run.save()
        transaction.on_commit(lambda: _wake(len(firsts)), robust=True)
    return True


def _chunk(run_id: int) -> bool:
    """The next chunk that nobody holds."""
    with acting_as(Actor.worker()):
        waiting = SampleChunk.objects.filter(run_id=run_id, run__state=State.RUNNING, values=None)
        chunk = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("first").first()
        if chunk is None:
            return False
        frozen = Frozen.unpacked(bytes(Study.objects.get(run_id=run_id).content))
        chunk.values = as_bytes(frozen.block(chunk.first, chunk.count))
        chunk.save(update_fields=["values"])
    with acting_as(Actor.worker()):
        done = SampleChunk.objects.filter(run_id=run_id).exclude(values=None)
        UncertaintyRun.objects.filter(pk=run_id, state=State.RUNNING).update(chunks_done=done.count())
    return True


def _finish(run_id: int) -> bool:
    """The summary, when no chunk waits any more; earlier runs go."""
    with acting_as(Actor.worker()):
        run = _held(run_id, State.RUNNING)
        if run is None or SampleChunk.objects.filter(run=run, values=None).exists():
            return False
        frozen = Frozen.unpacked(bytes(run.study.content))
        _summarise(run, frozen)
        run.study.delete()
        run.sample_chunks.all().delete()
        UncertaintyRun.objects.exclude(pk=run.pk).delete()
        run.state, run.finished_at, run.chunks_done = State.DONE, timezone.now(), run.chunks
        run.save(update_fields=["state", "finished_at", "chunks_done"])
    return True


def _summarise(run: UncertaintyRun, frozen: Frozen) -> None:
    chunks = run.sample_chunks.order_by("first")
    blocks = [as_block(bytes(chunk.values or b""), chunk.first, chunk.count) for chunk in chunks]
    summary = merge(blocks)
    values = np.concatenate([block.values[:, 0, :] for block in blocks], axis=1)
    there = set(Footprint.objects.filter(pk__in=frozen.footprints.tolist()).values_list("pk", flat=True))
    named = ("mean", "sd", "low", "median", "high")
    SampledFigure.objects.bulk_create(
        (
            SampledFigure(
                run=run, footprint_id=footprint, company_id=company, kg_co2e=float(frozen.figures[at]),
                samples=summary.samples, refused=int(summary.refused[at, 0]), values=as_bytes(values[at]),
                **{name: _number(getattr(summary, name)[at, 0]) for name in named},
            )
            for at, (footprint, company) in enumerate(
                zip(frozen.footprints.tolist(), frozen.companies.tolist(), strict=True)
            )
            if footprint in there
        ),
        batch_size=500,
    )  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _held(run_id: int, state: str) -> UncertaintyRun | None:
    """The run, if it is in this state and nobody else holds it."""
    rows = UncertaintyRun.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=run_id, state=state).first()


def _broke(run_id: int) -> bool:
    with acting_as(Actor.worker()):
        run = UncertaintyRun.objects.select_for_update().get(pk=run_id)
        run.attempts += 1
        if run.attempts >= MOST_ATTEMPTS:
            run.state, run.finished_at = State.FAILED, timezone.now()
            Study.objects.filter(run=run).delete()
            run.sample_chunks.all().delete()
        run.save(update_fields=["attempts", "state", "finished_at"])
    return run.finished_at is None

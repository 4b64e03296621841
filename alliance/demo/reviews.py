"""Submissions and publications of the demo alliance, in several states: somebody has something to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.actor import Actor
from accounts.visibility import acting_as
from alliance.demo.people import actor_called
from alliance.demo.sharing import write_requests
from footprint.calculation.models import Footprint
from footprint.inventory.actions import (
    Answered,
    answer_checklist,
    answer_thread,
    move_submission,
    open_submission,
    open_thread,
)
from footprint.inventory.checklist import checklist
from footprint.inventory.models import ChecklistAnswer, Inventory, Submission
from footprint.publication.actions import move_publication, prepare_publication
from footprint.publication.models import Publication
from footprint.publication.signing import NoKey, private_key
from footprint.verification import queries as verifications
from footprint.verification.actions import accept, draw_sample, engage, mark_line

OWNER, APPROVER = "lin.zhiyuan@cangyu.example", "he.qingshu@cangyu.example"
VERIFIER = "yan.heng@hengxian.example"
STEWARD = "chu.mingde@alliance.example"
ACCEPTED = ("hand_in", "submit", "take", "accept")
SITE = "donglan"
QUESTION = "这一行比去年低，是否换了计量表？ This line is lower than last year: was the meter changed?"
FURTHER = "这一行的依据是什么？请附计算说明。 What is this line based on? Please say how it was calculated."
WITHDRAWN = "蒸汽用量有误，将重新发布。 The steam used was wrong; it will be published anew."
ANSWER = "是的，三月换表，校准证书已存档。 Yes, in March; the calibration certificate is on file."

INDEPENDENT = "本人及所在机构与该企业集团无利益关系。 Neither I nor my body has an interest in this group."
EVIDENCE = "已核对计量台账。 Compared with the metering ledger."
FOUND = "三月的读数缺少签字。 The reading of March is not signed."
SAMPLED, ACCESS = 12, timedelta(days=60)


def write_submissions(*, at: datetime) -> None:
    """One that was accepted and one in the review room, in the caller's transaction."""
    owner, approver, steward = (actor_called(email) for email in (OWNER, APPROVER, STEWARD))
    movers = {"hand_in": owner, "submit": approver, "take": steward, "accept": steward}
    earlier, later = _years()
    _submitted(earlier, ACCEPTED, movers, at)
    under_review = _submitted(later, ACCEPTED[:3], movers, at)
    _asked(under_review, owner, steward, at)


def write_publications(*, at: datetime) -> dict[str, int]:
    """What was made public and asked for, once figures are assessed; how many of each there are."""
    owner, approver = actor_called(OWNER), actor_called(APPROVER)
    published = _published(_years()[0], owner, approver, at)
    return {"publications": published, "requests for footprints": write_requests(at=at)}


def _years() -> list[Inventory]:
    """The site's two inventories, the earlier first."""
    return list(Inventory.objects.filter(site__code=SITE).order_by("period_start")[:2])


def _submitted(
    inventory: Inventory, moves: Sequence[str], movers: dict[str, Actor], at: datetime
) -> Submission:
    with acting_as(movers["hand_in"]):
        submission = open_submission(inventory, by=movers["hand_in"])
    for move in moves:
        with acting_as(movers[move]):
            if move == "accept":
                answer_all(submission, by=movers[move], at=at)
            move_submission(submission, move, by=movers[move], at=at)
    return submission


def answer_all(submission: Submission, *, by: Actor, at: datetime) -> None:
    """Every point of the checklist is met."""
    points = [
        Answered(section.category.code, point.key, ChecklistAnswer.Answer.MET)
        for section in checklist(by, submission)
        for point in section.points
    ]
    answer_checklist(submission, points, by=by, at=at)


def _asked(submission: Submission, owner: Actor, steward: Actor, at: datetime) -> None:
    """Two questions about inputs, and one answer."""
    copy = submission.copies.get()
    lines = [line for process in copy.content["processes"] for line in process["lines"]]
    first, second = [line["uuid"] for line in lines if line["direction"] == "input"][:2]
    with acting_as(steward):
        thread = open_thread(submission, by=steward, at=at, text=QUESTION, line=first)
        open_thread(submission, by=steward, at=at, text=FURTHER, line=second)
    with acting_as(owner):
        answer_thread(thread, by=owner, at=at, text=ANSWER)


def _published(inventory: Inventory, owner: Actor, approver: Actor, at: datetime) -> int:
    """A public one, two for the alliance, one that waits for approval, one withdrawn; none without a key."""
    try:
        private_key()
    except NoKey:
        return 0
    figures = Footprint.objects.filter(inventory=inventory, product__category__isnull=False)
    wanted = (("public", 3), ("alliance", 3), ("alliance", 1), ("alliance", 4), ("alliance", 3))
    chosen = figures.select_related("product__company", "process", "inventory__site", "run")
    rows = list(chosen.order_by("product__category__position", "pk")[: len(wanted)])
    public: list[Publication] = []
    moves = (("self_check", owner), ("approve", approver), ("publish", approver), ("withdraw", approver))
    for figure, (visibility, steps) in zip(rows, wanted, strict=False):
        with acting_as(owner):
            made: Publication = prepare_publication(figure, by=owner, at=at, visibility=visibility)
        for move, by in moves[:steps]:
            with acting_as(by):
                move_publication(made, move, by=by, at=at, reason=WITHDRAWN if move == "withdraw" else "")
        public += [made] if visibility == "public" else []
    for publication in public:
        _verified(publication, owner, at)
    return len(rows)


def _verified(publication: Publication, owner: Actor, at: datetime) -> None:
    """A verifier at work: a sample of which half was looked at, and a finding that waits for an answer."""
    verifier = actor_called(VERIFIER)
    with acting_as(owner):
        engagement = engage(
            publication,
            by=owner,
            at=at,
            verifier=str(verifier.uuid),
            access_until=timezone.localdate(at) + ACCESS,
            level="limited",
            standard="ISO 14064-3:2019",
        )
    with acting_as(verifier):
        accept(engagement, by=verifier, at=at, declaration=INDEPENDENT)
        draw_sample(engagement, by=verifier, at=at, size=SAMPLED)
        lines = list(verifications.sample(verifier, engagement))
        for place, line in enumerate(lines[: len(lines) // 2]):
            found = {"severity": "minor", "text": FOUND} if not place else {}
            verdict = "finding" if found else "agrees"
            mark_line(line, by=verifier, at=at, verdict=verdict, evidence=EVIDENCE, **found)

"""What a company takes over without being asked, and the same decisions over REST."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.errors import NotAllowed, Refusal
from accounts.models import Company, Notification
from accounts.notices import told
from accounts.queries import actor_of_user
from accounts.roles import Role
from factors.actions.release import release_factors
from factors.models import FactorVersion
from footprint.analysis.actions.adopt_by_policy import adopt_waiting, set_policy
from footprint.analysis.actions.decide_adoption import decide_adoption
from footprint.analysis.actions.foresee import foresee_waiting
from footprint.analysis.actions.tell_outdated import tell_outdated_versions
from footprint.analysis.lineage import ancestry
from footprint.analysis.models import AdoptionDecision, AdoptionPolicy
from footprint.calculation.ledger import drain
from footprint.calculation.models import CalculationRun, Footprint
from footprint.inventory.models import Exchange
from tests import builders as new


@pytest.fixture
def using(db: None) -> tuple[Company, FactorVersion]:
    """A company with a line that takes 0.5 kg per kWh."""
    new.gwp()
    company, old = new.company(), new.factor_version("0.5")
    process = new.process(new.inventory(new.site(company)))
    new.output(process, new.product(company), "10")
    new.takes(process, None, "5", "kWh", factor_version=old)
    return company, old


def successor(old: FactorVersion, kg: str, **more: Any) -> FactorVersion:
    made = new.factor_version(kg, factor=old.factor, supersedes=old, **more)
    FactorVersion.objects.filter(pk=old.pk).update(status="superseded")
    return made


def policy(company: Company, percent: str = "5", **more: Any) -> AdoptionPolicy:
    return set_policy(company, by=new.actor(company), most_percent=Decimal(percent), **more)


@pytest.mark.parametrize("percent", ["-1", "101", "NaN", "1e-20000"])
def test_no_share_is_refused(db: None, percent: str) -> None:
    with pytest.raises(Refusal) as refused:
        policy(new.company(), percent)
    assert refused.value.field == "most_percent"


def used(company: Company) -> FactorVersion | None:
    return Exchange.objects.get(company=company, factor_version__isnull=False).factor_version


def test_a_small_change_is_adopted_and_a_large_one_waits(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    policy(company)
    small = successor(old, "0.51")
    assert adopt_waiting() == 1 and adopt_waiting() == 0
    assert used(company) == small
    decision = AdoptionDecision.objects.get()
    assert (decision.lines, decision.by_policy, decision.by) == (1, True, None)
    successor(small, "0.6")
    assert adopt_waiting() == 0 and used(company) == small


@pytest.mark.parametrize("more", [{"scope": "co2"}, {"boundary": "direct"}])
def test_another_scope_or_boundary_is_never_adopted_by_itself(
    using: tuple[Company, FactorVersion], more: dict[str, str]
) -> None:
    company, old = using
    policy(company, "100")
    other = successor(old, "0.5", **more)
    assert (other.scope, other.boundary) != (old.scope, old.boundary)
    assert adopt_waiting() == 0
    with pytest.raises(Refusal) as refused:
        decide_adoption(old, other, by=new.actor(company), company=company, choice="accepted")
    assert refused.value.code in ("other_scope", "other_boundary") and refused.value.field == "new"
    assert used(company) == old


def test_what_somebody_postponed_stays_postponed(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    newer = successor(old, "0.5")
    decide_adoption(old, newer, by=new.actor(company), company=company, choice="postponed", reason="audit")
    policy(company)
    assert adopt_waiting() == 0 and used(company) == old


def test_without_a_policy_in_force_everything_is_asked(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    successor(old, "0.5")
    assert adopt_waiting() == 0
    policy(company, is_active=False)
    assert adopt_waiting() == 0
    policy(company)
    assert AdoptionPolicy.objects.get().version == 2 and adopt_waiting() == 1


def test_only_who_adopts_says_so(using: tuple[Company, FactorVersion]) -> None:
    company, _old = using
    for by in (new.actor(new.company()), new.actor(company, Role.PLANT_PROVIDER)):
        with pytest.raises(NotAllowed):
            set_policy(company, by=by, most_percent=Decimal(5))
    for percent in ("-1", "101", "NaN"):
        with pytest.raises(Refusal):
            policy(company, percent)


def entered(company: Company, role: Role = Role.OWNER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(new.person(company, role))
    client.cookies["django_language"] = "en"
    return client


def test_the_page_keeps_a_policy(using: tuple[Company, FactorVersion]) -> None:
    company, _old = using
    owner, stranger = entered(company), entered(new.company())
    posted = {"company": str(company.uuid), "most_percent": "3", "is_active": "on"}
    assert stranger.post("/factors/adoptions/", posted).status_code == 422
    form = owner.get("/factors/adoptions/").context["form"]
    assert not form["is_active"].value(), "nothing is in force that nobody has said"
    assert owner.post("/factors/adoptions/", {**posted, "most_percent": "300"}).status_code == 422
    assert owner.post("/factors/adoptions/", posted).status_code == 302
    page = owner.get("/factors/adoptions/")
    assert "3 % or less" in page.content.decode()
    assert (page.context["form"]["most_percent"].value(), page.context["form"]["is_active"].value()) == (
        "3",
        True,
    )
    assert "or less" not in stranger.get("/factors/adoptions/").content.decode()


def test_rest_tells_what_a_proposal_would_move(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    drain()
    owner, stranger = entered(company), entered(new.company())
    proposed = f"/api/v1/factor-versions/{old.uuid}/impact/?proposal="
    proposal = new.factor_proposal(company, old)
    (moved,) = owner.get(f"{proposed}{proposal.uuid}").json()["moved"]
    assert moved["after"] / moved["before"] == pytest.approx(
        float(proposal.stated.emissions[0].kg_per_unit) / 0.5
    )
    assert owner.post(f"{proposed}{proposal.uuid}").status_code == 202
    foresee_waiting()
    assert owner.get(f"{proposed}{proposal.uuid}").json()["computed_at"]
    assert stranger.get(f"{proposed}{proposal.uuid}").json()["moved"] == []
    for unknown in ("x", str(old.uuid)):
        assert owner.get(f"{proposed}{unknown}").status_code == 404
    for ask in (owner.get, owner.post):
        both = ask(f"{proposed}{proposal.uuid}&new={old.uuid}")
        assert both.status_code == 422 and both.json()["errors"][0]["code"] == "two_things"


def test_rest(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    drain()
    newer = successor(old, "0.4")
    owner, stranger = entered(company), entered(new.company())

    def sent(client: Client, path: str, **body: Any) -> Any:
        return client.post(path, body, content_type="application/json")

    said = sent(owner, "/api/v1/adoption-policies/", company=str(company.uuid), most_percent="2.5")
    assert said.status_code == 201 and said.json()["most_percent"] == "2.5"
    assert stranger.get("/api/v1/adoption-policies/").json()["results"] == []
    assert (
        sent(stranger, "/api/v1/adoption-policies/", company=str(company.uuid), most_percent="2").status_code
        == 400
    )

    impact = f"/api/v1/factor-versions/{old.uuid}/impact/?new={newer.uuid}"
    told = owner.get(impact).json()
    assert [each["after"] < each["before"] for each in told["moved"]] == [True] and told["alliance"] is None
    assert stranger.get(impact).json()["moved"] == []
    assert owner.post(impact).status_code == 202
    foresee_waiting()
    assert owner.get(impact).json()["alliance"] == {"products": None, "inventories": None, "groups": ""}

    adoption = f"/api/v1/factor-versions/{old.uuid}/adoption/"
    body = {"company": str(company.uuid), "new": str(newer.uuid), "choice": "accepted"}
    assert sent(stranger, adoption, **body).status_code == 400
    other = new.factor_version("0.4", factor=old.factor, scope="co2")
    refused = sent(owner, adoption, **{**body, "new": str(other.uuid)})
    assert refused.status_code == 422 and refused.json()["errors"][0]["code"] == "other_scope"
    assert used(company) == old
    made = sent(owner, adoption, **body)
    assert made.status_code == 201 and made.json()["lines"] == 1 and used(company) == newer
    assert len(owner.get(adoption).json()) == 1 and stranger.get(adoption).json() == []


def test_who_adopts_is_told_once_and_has_a_task(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    owner, stranger = entered(company), entered(new.company())
    successor(old, "0.9")
    assert tell_outdated_versions() == 1 and tell_outdated_versions() == 0
    notice = Notification.objects.get()
    assert (notice.subject_uuid, notice.event, notice.company) == (old.uuid, "superseded", company)
    with translation.override("en"):
        ((_row, said),) = told(actor_of_user(notice.recipient), [notice])
        assert said is not None and "was superseded" in said.words and said.url == "/factors/adoptions/"
    (row,) = owner.get("/api/v1/factor-adoptions/").json()
    assert (row["old"], row["lines"], row["waits"]) == (str(old.uuid), 1, True)
    assert stranger.get("/api/v1/factor-adoptions/").json() == []
    assert Client().get("/api/v1/factor-adoptions/").status_code == 401
    assert "Factors to adopt" in [group.title for group in owner.get("/").context["groups"]]
    assert "Factors to adopt" not in [group.title for group in stranger.get("/").context["groups"]]
    FactorVersion.objects.filter(pk=old.pk).update(status="withdrawn", status_reason="Wrong table")
    assert tell_outdated_versions() == 1


def test_versions_are_compared_over_rest(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    owner, newer = entered(company), new.factor_version("0.4", factor=old.factor)
    base = "/api/v1/factor-versions/compare/"
    told = owner.get(f"{base}?version={old.uuid}&version={newer.uuid}").json()
    assert told["is_comparable"] and told["obstacles"] == []
    assert [each["figure"] for each in told["versions"]] == ["0.5", "0.4"]
    direct = new.factor_version("0.4", factor=old.factor, boundary="direct")
    told = owner.get(f"{base}?version={old.uuid}&version={direct.uuid}").json()
    assert told["obstacles"] == ["boundary"] and {each["figure"] for each in told["versions"]} == {None}
    for query in (
        f"?version={old.uuid}",
        "?version=x&version=y",
        f"?version={old.uuid}&version={company.uuid}",
    ):
        assert owner.get(f"{base}{query}").status_code == 400
    assert Client().get(base).status_code == 401


def test_a_lineage_runs_backward_and_forward_over_every_step(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    child = new.factor_version("0.6", derivation={"parents": [str(old.uuid)]})
    grandchild = new.factor_version("0.7", derivation={"parents": [str(child.uuid), "no uuid"]})
    actor = new.actor(company)
    for begin in (old, child, grandchild):
        kin = ancestry(actor, begin)
        assert [each.version for each in kin] == [old, child, grandchild]
        assert kin[[each.version for each in kin].index(begin)].step == 0
    told = entered(company).get(f"/api/v1/factor-versions/{child.uuid}/lineage/").json()
    assert [link["of"] for each in told for link in each["links"]] == [
        parent for each in told for parent in each["of"]
    ]
    assert {link["relation"] for each in told for link in each["links"]} == {"derived_from"}
    assert [(each["version"], each["step"]) for each in told] == [
        (str(old.uuid), -1),
        (str(child.uuid), 0),
        (str(grandchild.uuid), 1),
    ]
    assert told[2]["of"] == [str(child.uuid)]
    page = entered(company).get(f"/factors/{child.factor.uuid}/lineage/", {"version": child.number})
    text = page.content.decode()
    # the document that the first one was read from stands before them
    assert text.count('class="kin-node') == 4 and text.count('class="kin-edge"') == 3
    other = new.factor_version("0.8")
    mixed = new.factor_version("0.65", derivation={"parents": [str(child.uuid), str(other.uuid)]})
    drawn = entered(company).get(f"/factors/{mixed.factor.uuid}/lineage/").context["drawing"]
    read = {box.thing.title for box in drawn.boxes if any(of.startswith("source-") for of in box.thing.of)}
    assert read == {old.factor.name_en, other.factor.name_en}, "of however many steps ago"


def test_a_lineage_asks_once_for_a_generation(
    using: tuple[Company, FactorVersion],
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    company, root = using
    actor, parent = new.actor(company), root
    for _generation in range(3):
        made = [new.factor_version("0.6", derivation={"parents": [str(parent.uuid)]}) for _each in range(4)]
        parent = made[0]
    with django_assert_num_queries(4):
        kin = ancestry(actor, root)
    assert [each.step for each in kin] == [0, *[1] * 4, *[2] * 4, *[3] * 4]


def test_a_run_says_which_release_it_stood_on(using: tuple[Company, FactorVersion]) -> None:
    company, old = using
    drain()
    assert CalculationRun.objects.latest("pk").factor_release is None
    release = release_factors(by=new.actor(company, Role.CURATOR), name="2026-1")
    Exchange.objects.filter(company=company, factor_version=old).update(amount="7")
    drain()
    figure = Footprint.objects.get(company=company)
    assert figure.run.factor_release == release
    told = entered(company).get(f"/api/v1/footprints/{figure.uuid}/").json()
    assert told["factor_release"] == "2026-1"
    page = entered(company).get(f"/products/{figure.product.uuid}/").content.decode()
    assert "2026-1" in page

"""Files of evidence in the hands of a verifier: those of the lines in the sample, while the access lasts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import EvidenceContent, EvidenceFile
from footprint.verification import queries
from footprint.verification.models import Engagement
from tests import builders as new
from tests.browsing import ask, browser
from tests.reviewing import carried, plant, published
from tests.verifying import Scene

pytestmark = pytest.mark.django_db

READING = "the meter read 3.000"


@pytest.fixture
def whole() -> Scene:
    """As the package's scene, with a file beside the line when it was handed in."""
    call_command("load_rules", verbosity=0)
    made = plant()
    new.evidence(made.line, READING)
    carried(made)
    publication = published(made)
    body = new.company(kind=Company.Kind.VERIFIER)
    return Scene(made, publication, body, new.person(body, Role.VERIFIER))


def address(engagement: Engagement, file: UUID | None = None) -> str:
    """Where a file lies for the verifier: the first one, or another."""
    chosen = file or EvidenceFile.objects.earliest("pk").uuid
    return f"/verifications/{engagement.uuid}/evidence/{chosen}/"


def test_the_verifier_reads_what_lies_with_a_sampled_line(here: Scene) -> None:
    engagement = here.sampled()
    verifier = browser(here.person)
    with acting_as(here.verifier):
        (line,) = queries.sample(here.verifier, engagement)
    for page in (f"/verifications/{engagement.uuid}/", f"/sampled-lines/{line.uuid}/"):
        assert address(engagement) in ask(verifier, page)
        assert "reading.txt" in ask(verifier, page)
    api = f"/api/v1/verifications/{engagement.uuid}/"
    (told,) = verifier.get(f"{api}dossier/").json()["content"]["processes"]
    (file,) = next(each for each in told["lines"] if each["uuid"] == str(line.line))["evidence"]
    for path in (address(engagement), f"{api}evidence/?file={file['uuid']}"):
        answer: Any = verifier.get(path)
        assert answer.content.decode() == READING
        assert answer["Content-Disposition"].startswith("attachment")


def test_before_the_sample_is_drawn_there_is_none_to_read(here: Scene) -> None:
    engagement = here.accepted()
    ask(browser(here.person), address(engagement), 404)


def test_a_file_that_came_later_is_not_of_the_copy(here: Scene) -> None:
    engagement = here.sampled()
    later = new.evidence(here.plant.line, "another reading", name="later.txt")
    verifier = browser(here.person)
    ask(verifier, address(engagement, later.uuid), 404)
    ask(verifier, f"/api/v1/verifications/{engagement.uuid}/evidence/?file={later.uuid}", 404)
    with acting_as(here.verifier):
        (line,) = queries.sample(here.verifier, engagement)
        assert by_the_database(line.pk, later.uuid) is None


def test_nobody_else_reads_it_this_way_and_the_tables_stay_shut(here: Scene) -> None:
    engagement = here.sampled()
    colleague = new.person(here.body, Role.VERIFIER)
    rival = new.person(new.company(), Role.OWNER)
    for person in (colleague, rival, here.plant.people["owner"], here.plant.people["steward"]):
        ask(browser(person), address(engagement), 404)
    ask(browser(here.person), address(engagement, uuid4()), 404)
    ask(browser(here.person), f"/api/v1/verifications/{engagement.uuid}/evidence/?file=x", 404)
    with acting_as(here.verifier), connection.cursor() as cursor:
        for model in (EvidenceFile, EvidenceContent):
            assert not model.objects.visible_to(here.verifier).exists()
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("end", ["time", "role", "cancel"])
def test_it_ends_with_the_access_by_both_locks(here: Scene, end: str) -> None:
    engagement = here.sampled()
    file = EvidenceFile.objects.get().uuid
    with acting_as(here.verifier):
        (line,) = queries.sample(here.verifier, engagement)
        assert by_the_database(line.pk, file) is not None
    here.ended(engagement, end)
    with acting_as(here.verifier):
        assert by_the_database(line.pk, file) is None
    ask(browser(here.person), address(engagement, file), 404)


def by_the_database(line: int, file: UUID) -> bytes | None:
    """What the second lock alone lets through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT verification_evidence(%s, %s)", [line, file])
        (content,) = cursor.fetchone()
    return None if content is None else bytes(content)

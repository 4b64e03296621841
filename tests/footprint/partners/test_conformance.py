"""Our own host passes our own runner over real TLS, in both versions; a host with a fault fails its case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from accounts.roles import Role
from footprint.partners import actions, queries
from footprint.partners.conformance.asking import Endpoint
from footprint.partners.conformance.cases import prepare
from footprint.partners.conformance.endings import Failed
from footprint.partners.conformance.filters import cases_of
from footprint.partners.conformance.run import Outcome, Reference, Result, is_conformant, run
from footprint.partners.conformance.sending import both_origins, over_the_wire
from footprint.partners.models import Connection
from footprint.partners.pact.checking import schema_findings
from footprint.partners.pact.dialect import to_v2
from tests import builders as new
from tests.footprint.partners.conftest import World
from tests.footprint.partners.documents import changed, whole
from tests.footprint.partners.secure_server import secure_server


@pytest.fixture
def host(world: World, tmp_path: Path, settings: Any) -> Iterator[tuple[str, Path]]:
    """The product, with two footprints open to the partner, one of them deprecated later."""
    world.offer(world.products[0], status="Deprecated")
    with secure_server(tmp_path) as (url, certificate):
        settings.PARTNER_ORIGINS = frozenset([url])
        settings.PARTNER_CA_FILE = str(certificate)
        settings.PARTNER_URL = url
        yield url, certificate


@pytest.fixture
def pair(world: World, host: tuple[str, Path]) -> Connection:
    """Another company of this host, connected to the first: each is the other's partner."""
    url, _certificate = host
    company = new.company()
    by = new.actor(company, Role.OWNER)
    mine = actions.request_connection(
        company,
        by=by,
        name="Host under test",
        base_url=url,
        callback_id=world.credentials.client_id,
        callback_secret=world.credentials.client_secret,
    )
    own = actions.approve_connection(mine, by=by, at=timezone.now())
    actions.change_connection(
        world.connection,
        by=world.owner,
        base_url=url,
        callback_id=own.client_id,
        callback_secret=own.client_secret,
    )
    return own.connection


def tried(host: tuple[str, Path], world: World, version: int, pair: Connection | None) -> list[Result]:
    url, _certificate = host
    if pair is not None:
        for each, by in ((world.connection, world.owner), (pair, new.actor(pair.company, Role.OWNER))):
            actions.change_connection(each, by=by, speaks=version)
    own = world.credentials
    endpoint = Endpoint(
        url, own.client_id, own.client_secret, over_the_wire(origins=both_origins(url)), version=version
    )
    reference = Reference(source=url)
    if pair is not None:
        reference.answer_to = lambda event_id: _heard(pair, event_id)
    prepare(endpoint, reference)
    return list(run(cases_of(version), endpoint, reference))


def _heard(connection: Connection, event_id: str) -> dict[str, Any] | None:
    actions.process_events(at=timezone.now())
    actions.deliver_due()
    return queries.answer_to(connection, event_id)


@pytest.mark.parametrize(("version", "number"), [(3, 41 + 12), (2, 22 + 5)])
def test_our_host_conforms(
    world: World, host: tuple[str, Path], pair: Connection, version: int, number: int
) -> None:
    results = tried(host, world, version, pair)
    assert {each.case.number: each.why for each in results if each.outcome is not Outcome.PASSED} == {}
    assert len(results) == number
    assert is_conformant(results)


def test_the_command_tells_and_fails_where_answers_cannot_be_heard(
    world: World, host: tuple[str, Path], pair: Connection, tmp_path: Path
) -> None:
    url, certificate = host
    report = tmp_path / "report.json"
    own = world.credentials
    said = StringIO()
    with pytest.raises(CommandError, match="does not conform"), translation.override("zh-hans"):
        call_command(
            "pact_conformance", url, client_id=own.client_id, client_secret=own.client_secret,
            ca_file=str(certificate), json=report, stdout=said,
        )  # fmt: skip
    assert "The request is fulfilled by an event: Answers cannot be heard here" in said.getvalue()
    told = json.loads(report.read_text())
    assert {each["case"] for each in told if each["outcome"] != "passed"} == {"13", "14.B"}
    assert own.client_secret not in report.read_text()
    assert bearer_in(report.read_text()) == set()


def bearer_in(text: str) -> set[str]:
    """Tokens that were written down."""
    return set(re.findall(r'access_token\\": \\"([\w-]+)', text)) - {"u2026"}


# -- what the official suite does not notice, ours does -----------------------------------------------------
class Faulty:
    """A host in memory with one fault."""

    def __init__(self, **changes: Any) -> None:
        later = {"validityPeriodStart": "2026-06-01T00:00:00Z"}
        self.rows = [whole(**changes), whole(**{**later, **changes})]

    def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        if url.endswith("/auth/token"):
            return 200, {}, b'{"access_token": "t"}'
        if "/footprints" in url:
            return 200, {}, json.dumps({"data": self.rows}).encode()
        return 404, {}, b"{}"


class PagesOfOne(Faulty):
    """A host that hands out a row a page although nobody set a limit."""

    def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        if "/footprints" not in url:
            return super().send(method, url, body, headers)
        row, link = (
            (1, {})
            if "page=2" in url
            else (0, {"Link": '<https://host.example/3/footprints?page=2>; rel="next"'})
        )
        return 200, link, json.dumps({"data": [self.rows[row]]}).encode()


def test_a_host_with_pages_of_one_row_is_tried() -> None:
    reference = Reference()
    prepare(Endpoint("https://host.example", "us", "secret", PagesOfOne().send), reference)
    assert len(reference.rows) == 1 and "page=2" in reference.link


STRICTLY = [
    ({"pcf__pcfExcludingBiogenicUptake": "1E+3"}, "S12"),
    ({"pcf__pcfExcludingBiogenicUptake": "abc"}, "S12"),
    ({"pcf__fossilGhgEmissions": "-1"}, "S12"),
    ({"pcf__dqi": {"technologicalDQR": "9.9", "geographicalDQR": "2", "temporalDQR": "1"}}, "S12"),
    ({"pcf__productOrSectorSpecificRules": [{"operator": "Other", "ruleNames": ["x"]}]}, "S1"),
    ({"validityPeriodEnd": "2040-01-01T00:00:00Z"}, "S1"),
    ({"pcf__packagingEmissionsIncluded": ...}, "S2"),
    ({"pcf__primaryDataShare": ...}, "S2"),
    ({}, "S4"),
    ({}, "S5"),
    ({}, "S10"),
    ({}, "S11"),
]


@pytest.mark.parametrize(("changes", "number"), STRICTLY)
def test_what_the_official_suite_does_not_notice(changes: dict[str, Any], number: str) -> None:
    """A host that ignores filters and challenges nobody, with a fault in its rows."""
    endpoint = Endpoint("https://host.example", "id", "secret", Faulty(**changes).send)
    reference = Reference(source="https://us.example")
    prepare(endpoint, reference)
    (case,) = [each for each in cases_of(3) if each.number == number]
    (result,) = run([case], endpoint, reference)
    assert result.outcome is Outcome.FAILED
    (whole_one,) = [each for each in cases_of(3) if each.number == "S6"]
    assert next(run([whole_one], endpoint, reference)).outcome is Outcome.PASSED


def test_who_is_not_reached_is_not_said_to_have_answered() -> None:
    """As where a certificate is of nobody's authority and none was named."""
    away = Endpoint("https://host.example", "id", "secret", lambda *_asked: (0, {}, b"no_answer"))
    with pytest.raises(Failed) as found, translation.override("en"):
        prepare(away, Reference(source="https://us.example"))
        assert str(found.value) == "No usable answer came."


VERSION_2 = [
    ({"pcf__exemptedEmissionsPercent": "0"}, "/pcf/exemptedEmissionsPercent: not_number"),
    ({"pcf__primaryDataShare": "5"}, "/pcf/primaryDataShare: not_number"),
    ({"pcf__primaryDataShare": 101}, "/pcf/primaryDataShare: out_of_range_percent"),
    ({"pcf__declaredUnit": "piece"}, "/pcf/declaredUnit: not_a_choice"),
    ({"pcf__crossSectoralStandards": ["PAS2050"]}, "/pcf/crossSectoralStandards/0: not_a_choice"),
    ({"pcf__crossSectoralStandards": ["GHGP Product"]}, "/pcf/crossSectoralStandards/0: not_a_choice"),
    ({"pcf__crossSectoralStandardsUsed": ...}, "/pcf/crossSectoralStandardsUsed: missing"),
    ({"pcf__pCfExcludingBiogenic": "1E+3"}, "/pcf/pCfExcludingBiogenic: not_decimal"),
    ({"pcf__pCfExcludingBiogenic": "-1"}, "/pcf/pCfExcludingBiogenic: out_of_range_not_negative"),
    ({"pcf__dLucGhgEmissions": "-1"}, "/pcf/dLucGhgEmissions: out_of_range_not_negative"),
    ({"pcf__dqi": {f"{name}DQR": 2 for name in ("technological", "temporal", "geographical",
                                                "completeness", "reliability")}},
     "/pcf/dqi/coveragePercent: missing"),
    ({"pcf__geographyCountry": "CN", "pcf__geographyCountrySubdivision": "CN-SD"},
     "/pcf/geographyCountrySubdivision: two_geographies"),
    ({"version": ...}, "/version: missing"),
    ({"version": True}, "/version: not_count"),
    ({"version": -1}, "/version: not_count"),
    ({"comment": ...}, "/comment: missing"),
    ({"productCategoryCpc": ...}, "/productCategoryCpc: missing"),
    ({"productCategoryCpc": ""}, "/productCategoryCpc: not_name"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "found"), VERSION_2)
def test_what_version_2_alone_demands(changes: dict[str, Any], found: str) -> None:
    """Read as version 3 says it, none of these could be seen."""
    faulty = Faulty()
    faulty.rows = [changed(to_v2(row).document or {}, changes) for row in faulty.rows]
    endpoint = Endpoint("https://host.example", "id", "secret", faulty.send, version=2)
    reference = Reference(source="https://us.example")
    prepare(endpoint, reference)
    for case in cases_of(2):
        if case.number in ("4", "S12"):
            (result,) = run([case], endpoint, reference)
            assert result.outcome is Outcome.FAILED and found in result.told["found"]


def test_what_we_say_in_version_2_is_valid_there() -> None:
    assert schema_findings(to_v2(whole()).document, version=2) == []
    assert (
        schema_findings(to_v2(whole(pcf__verification={"comments": "by a friend"})).document, version=2) == []
    )

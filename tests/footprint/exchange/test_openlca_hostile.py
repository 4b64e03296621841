"""Broken and hostile packages: each is refused with the file and field at fault, and stores nothing."""

from __future__ import annotations

import io
import json
import stat
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.errors import Refusals
from accounts.models import Company
from accounts.queries import actor_for_company
from footprint.exchange.actions import Period, import_openlca
from footprint.exchange.confined import archive
from footprint.exchange.confined.problems import MOST_PROBLEMS, Unreadable
from footprint.exchange.openlca.plan import plan
from footprint.exchange.openlca.reader import read
from footprint.exchange.openlca.sentences import SENTENCES, sentence
from footprint.inventory.models import Inventory, Product
from tests.footprint.exchange.packages import Package, gives, key, share, small, takes

Spoil = Callable[[Package], Any]
BOILER = f"processes/{key('Boiler')}.json"
STEAM = f"flows/{key('Steam')}.json"
ENERGY = f"unit_groups/{key('units of Energy')}.json"
MASS = f"unit_groups/{key('units of Mass')}.json"


def problems_of(content: bytes) -> set[tuple[str, str, str]]:
    """(code, file, field) of everything found; every one of them has a sentence."""
    with pytest.raises(Unreadable) as refused:
        plan(read(content), {"carbon dioxide": "CO2"})
    assert all(sentence(problem) for problem in refused.value.problems)
    return {(problem.code, problem.file, problem.field) for problem in refused.value.problems}


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return out.getvalue()


def symlink() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("processes/link.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> bytes:
    content = bytearray(packed(("processes/a.json", b"{}")))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying() -> bytes:
    """A member that unpacks to more than the directory promises."""
    content = bytearray(packed(("processes/a.json", b" " * 5000)))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def flipped() -> bytes:
    content = bytearray(small().zip())
    at = content.index(b"processes/") + 100
    content[at] ^= 0xFF
    return bytes(content)


ZIPS = {
    "nothing": (b"", ("no_zip", "", "")),
    "no zip": (b"%PDF-1.7 not a zip", ("no_zip", "", "")),
    "cut off": (small().zip()[:-200], ("no_zip", "", "")),
    "damaged": (flipped(), ("damaged", BOILER, "")),
    "empty": (packed(), ("no_processes", "", "")),
    "no processes": (packed(("readme.txt", b"hello")), ("no_processes", "", "")),
    "path upwards": (packed(("../../etc/passwd", b"x")), ("unsafe_name", "../../etc/passwd", "")),
    "absolute path": (packed(("/etc/passwd", b"x")), ("unsafe_name", "/etc/passwd", "")),
    "drive": (packed(("C:/windows.json", b"x")), ("unsafe_name", "C:/windows.json", "")),
    "backslashes": (packed(("a\\..\\..\\b.json", b"x")), ("unsafe_name", "a\\..\\..\\b.json", "")),
    "link": (packed((symlink(), b"/etc/passwd")), ("not_a_file", "processes/link.json", "")),
    "archive inside": (packed(("more.ZIP", b"PK")), ("nested_archive", "more.ZIP", "")),
    "bomb": (packed(("processes/a.json", b" " * 19_000_000)), ("packed_too_well", "processes/a.json", "")),
    "one giant": (packed(("flows/a.json", b" " * 21_000_000)), ("member_too_large", "flows/a.json", "")),
    "encrypted": (encrypted(), ("encrypted", "processes/a.json", "")),
    "longer than promised": (lying(), ("longer_than_promised", "processes/a.json", "")),
}


@pytest.mark.parametrize("name", ZIPS)
def test_zips(name: str) -> None:
    content, expected = ZIPS[name]
    begun = time.monotonic()
    assert expected in problems_of(content) or (
        name == "longer than promised" and ("damaged", *expected[1:]) in problems_of(content)
    )
    assert time.monotonic() - begun < 2


def test_too_many_members_and_the_same_one_twice() -> None:
    many = packed(*((f"sources/{number}.json", b"") for number in range(archive.MOST_MEMBERS + 1)))
    assert problems_of(many) == {("too_many_members", "", "")}
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed(("flows/a.json", b"{}"), ("flows/a.json", b"{}"))
    assert ("duplicate_member", "flows/a.json", "") in problems_of(twice)


def test_a_package_that_unpacks_to_too_much() -> None:
    heavy = packed(*((f"sources/{number}.bin", b" " * 19_000_000) for number in range(12)))
    assert problems_of(heavy) == {("unpacks_too_large", "", "")}


def boiler(spoil: Callable[[dict[str, Any]], Any]) -> Spoil:
    return lambda package: spoil(package.document("processes", "Boiler"))


def line(place: int, **changes: Any) -> Spoil:
    return boiler(lambda document: document["exchanges"][place].update(changes))


def text(path: str, old: str, new: str) -> Spoil:
    """Change the JSON as written, where a dictionary could not hold it."""

    def spoil(package: Package) -> None:
        package.files[path] = json.dumps(package.files[path]).replace(old, new)

    return spoil


def unit(group: str, place: int, **changes: Any) -> Spoil:
    return lambda package: package.files[group]["units"][place].update(changes)


def steam(**changes: Any) -> Spoil:
    return lambda package: package.document("flows", "Steam").update(changes)


def twin(package: Package) -> None:
    package.files["processes/another.json"] = package.document("processes", "Boiler")


def coproduct(allocation: str, *factors: dict[str, Any]) -> Spoil:
    def spoil(package: Package) -> None:
        document = package.document("processes", "Boiler")
        document["exchanges"].append({**gives("Coal", 1.0, "kg"), "internalId": 4})
        document["defaultAllocationMethod"] = f"{allocation}_ALLOCATION"
        document["allocationFactors"] = list(factors)

    return spoil


def two_heating_values(package: Package) -> None:
    """Gross and net heating value: 50 and 45 MJ to the kilogram, and a line in one of them."""
    package.files[f"flow_properties/{key('Gross')}.json"] = {
        "@id": key("Gross"),
        "name": "Gross",
        "unitGroup": {"@id": key("units of Energy")},
    }
    package.flow("Coal", "Mass", Energy=45.0, Gross=50.0)
    document = package.document("processes", "Boiler")
    document["exchanges"][1] = {**takes("Coal", 1.0, "MJ"), "flowProperty": {"@id": key("Gross")}}


NOT_THERE = {"@id": key("not there")}
DOCUMENTS: dict[str, tuple[Spoil, tuple[str, str, str]]] = {
    "not JSON": (lambda p: p.files.update({BOILER: "{no"}), ("broken_json", BOILER, "line 1")),
    "cut JSON": (text(BOILER, "]}", ""), ("broken_json", BOILER, "line 1")),
    "not UTF-8": (lambda p: p.files.update({BOILER: b"\xff\xfe{}"}), ("not_utf8", BOILER, "")),
    "a list": (lambda p: p.files.update({BOILER: "[]"}), ("wrong_type", BOILER, "")),
    "deep": (lambda p: p.files.update({BOILER: "[" * 9000 + "]" * 9000}), ("too_deep", BOILER, "")),
    "deep objects": (lambda p: p.files.update({BOILER: '{"a":' * 200}), ("too_deep", BOILER, "")),
    "field twice": (text(BOILER, '"name"', '"@id": "x", "name"'), ("duplicate_key", BOILER, "@id")),
    "NaN": (line(2, amount=float("nan")), ("bad_number", BOILER, "exchanges[2].amount")),
    "infinite": (line(2, amount=float("-inf")), ("bad_number", BOILER, "exchanges[2].amount")),
    "1e400": (text(BOILER, "2.0", "1e400"), ("bad_number", BOILER, "exchanges[2].amount")),
    "1e-400": (text(BOILER, "2.0", "1e-400"), ("bad_number", BOILER, "exchanges[2].amount")),
    "huge exponent": (text(BOILER, "2.0", "1e999999999"), ("bad_number", BOILER, "exchanges[2].amount")),
    "endless digits": (text(BOILER, "2.0", "9" * 9999), ("bad_number", BOILER, "exchanges[2].amount")),
    "amount as text": (line(2, amount="2"), ("wrong_type", BOILER, "exchanges[2].amount")),
    "amount is true": (line(2, amount=True), ("wrong_type", BOILER, "exchanges[2].amount")),
    "no amount": (line(2, amount=None), ("missing", BOILER, "exchanges[2].amount")),
    "exchanges are none": (boiler(lambda d: d.update(exchanges={})), ("wrong_type", BOILER, "exchanges")),
    "an exchange is a text": (
        boiler(lambda d: d["exchanges"].append("x")),
        ("wrong_type", BOILER, "exchanges[3]"),
    ),
    "no exchanges": (boiler(lambda d: d.update(exchanges=[])), ("missing", BOILER, "exchanges")),
    "input is a text": (line(1, input="yes"), ("wrong_type", BOILER, "exchanges[1].input")),
    "id is none": (boiler(lambda d: d.update({"@id": "boiler"})), ("not_a_uuid", BOILER, "@id")),
    "no name": (boiler(lambda d: d.update(name=" ")), ("missing", BOILER, "name")),
    "id twice": (twin, ("duplicate_id", "processes/another.json", "@id")),
    "flow not there": (line(1, flow=NOT_THERE), ("missing_reference", BOILER, "exchanges[1].flow")),
    "flow file not there": (lambda p: p.files.pop(STEAM), ("missing_reference", BOILER, "exchanges[0].flow")),
    "unit not there": (line(1, unit=NOT_THERE), ("not_a_unit_of_property", BOILER, "exchanges[1].unit")),
    "property of another": (
        line(1, flowProperty={"@id": key("Energy")}),
        ("not_a_property_of_flow", BOILER, "exchanges[1].flowProperty"),
    ),
    "group not there": (
        lambda p: p.files.pop(ENERGY),
        ("missing_reference", f"flow_properties/{key('Energy')}.json", "unitGroup"),
    ),
    "property not there": (
        lambda p: p.files.pop(f"flow_properties/{key('Energy')}.json"),
        ("missing_reference", STEAM, "flowProperties[0].flowProperty"),
    ),
    "strange kind of flow": (steam(flowType="SERVICE"), ("unknown_value", STEAM, "flowType")),
    "no property": (steam(flowProperties=[]), ("one_reference", STEAM, "flowProperties")),
    "strange allocation": (
        boiler(lambda d: d.update(defaultAllocationMethod="BY_TASTE")),
        ("unknown_value", BOILER, "defaultAllocationMethod"),
    ),
    "no reference": (line(0, quantitativeReference=False), ("one_reference", BOILER, "exchanges")),
    "two references": (line(1, quantitativeReference=True), ("one_reference", BOILER, "exchanges")),
    "an input is the reference": (
        lambda p: (line(0, quantitativeReference=False)(p), line(1, quantitativeReference=True)(p)),
        ("reference_is_no_output", BOILER, "exchanges[1].quantitativeReference"),
    ),
    "nothing put out": (line(0, amount=0), ("not_positive", BOILER, "exchanges[0].amount")),
    "less than nothing": (line(0, amount=-1.0), ("not_positive", BOILER, "exchanges[0].amount")),
    "an avoided output": (
        line(0, avoidedProduct=True),
        ("avoided_is_product_input", BOILER, "exchanges[0].avoidedProduct"),
    ),
    "unknown unit": (unit(ENERGY, 0, name="furlong"), ("unknown_unit", BOILER, "exchanges[0].unit")),
    "kWh that is none": (
        lambda p: (unit(ENERGY, 1, conversionFactor=1.0)(p), line(0, unit={"@id": key("unit kWh")})(p)),
        ("unit_factor_differs", ENERGY, "units[1].conversionFactor"),
    ),
    "Mg that means mg": (
        lambda p: (unit(MASS, 1, conversionFactor=1e-6)(p), line(2, unit={"@id": key("unit Mg")})(p)),
        ("unit_factor_differs", MASS, "units[1].conversionFactor"),
    ),
    "a mass among energies": (
        lambda p: (unit(ENERGY, 1, name="kg")(p), line(0, unit={"@id": key("unit kWh")})(p)),
        ("unit_of_other_dimension", ENERGY, "units[1].conversionFactor"),
    ),
    "unit of nothing": (
        unit(MASS, 0, conversionFactor=0),
        ("not_positive", MASS, "units[0].conversionFactor"),
    ),
    "no reference unit": (unit(MASS, 0, referenceUnit=False), ("one_reference", MASS, "units")),
    "share of another's product": (
        coproduct("NO", share("PHYSICAL", "Water", 1.0)),
        ("factor_of_no_product", BOILER, "allocationFactors[0].product"),
    ),
    "shares that do not sum": (
        coproduct("PHYSICAL", share("PHYSICAL", "Steam", 0.5), share("PHYSICAL", "Coal", 0.4)),
        ("shares_do_not_sum", BOILER, "allocationFactors"),
    ),
    "shares of zero in force": (
        coproduct("ECONOMIC", share("ECONOMIC", "Steam", 0.0), share("ECONOMIC", "Coal", 0.0)),
        ("shares_do_not_sum", BOILER, "allocationFactors"),
    ),
    "a negative share": (
        coproduct("PHYSICAL", share("PHYSICAL", "Steam", 1.5), share("PHYSICAL", "Coal", -0.5)),
        ("shares_do_not_sum", BOILER, "allocationFactors"),
    ),
    "a share is missing": (
        coproduct("PHYSICAL", share("PHYSICAL", "Steam", 1.0)),
        ("shares_missing", BOILER, "allocationFactors"),
    ),
    "a causal share is missing": (
        coproduct("CAUSAL", share("CAUSAL", "Steam", 1.0, line=3)),
        ("shares_missing", BOILER, "exchanges[2]"),
    ),
    "a share of no line": (
        coproduct("CAUSAL", share("CAUSAL", "Steam", 1.0, line=99)),
        ("missing_reference", BOILER, "allocationFactors[0].exchange"),
    ),
    "a share given twice": (
        coproduct("NO", share("PHYSICAL", "Steam", 0.5), share("PHYSICAL", "Steam", 0.4)),
        ("factor_twice", BOILER, "allocationFactors[1]"),
    ),
    "two heating values": (
        two_heating_values,
        ("two_properties_of_one_dimension", BOILER, "exchanges[1].flowProperty"),
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents(name: str) -> None:
    spoil, expected = DOCUMENTS[name]
    package = small()
    spoil(package)
    begun = time.monotonic()
    assert expected in problems_of(package.zip())
    assert time.monotonic() - begun < 2


def test_everything_wrong_is_told_at_once_up_to_a_limit() -> None:
    package = small()
    package.document("processes", "Boiler")["exchanges"] += [{"flow": {"@id": "x"}}] * 500
    assert len(problems_of(package.zip())) == MOST_PROBLEMS


def test_a_faultless_package_is_read() -> None:
    found = plan(read(small().zip()), {"carbon dioxide": "CO2"})
    assert [row.gas for row in found.lines] == ["", "", "CO2"]


@pytest.mark.django_db(transaction=True)
def test_a_broken_package_stores_nothing(acme: Company) -> None:
    package = small()
    package.process("Other", gives("Coal", 1.0, "kg", reference=True), takes("Nothing", 1.0, "kg"))
    with pytest.raises(Refusals) as refused:
        import_openlca(
            by=actor_for_company(acme),
            company=acme,
            content=package.zip(),
            period=Period(date(2024, 1, 1), date(2024, 12, 31)),
        )
    (problem,) = refused.value.refusals
    assert (problem.row, problem.field) == (f"processes/{key('Other')}.json", "exchanges[1].flow")
    assert "is not in the zip" in str(problem)
    assert not Inventory.objects.exists()
    assert not Product.objects.exists()


def test_every_code_is_worded_once() -> None:
    assert len(SENTENCES) == len(set(map(str, SENTENCES.values())))

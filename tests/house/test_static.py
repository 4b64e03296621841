"""The face keeps its own rules: pinned files, no outside host, no inline code, readable colours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import chain
from pathlib import Path

import pytest

from accounts.charts import GROUPS
from alliance.runtime.environment import ROOT

STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
OWN_CSS = sorted((STATIC / "css").glob("*.css"))
OWN_JS = sorted((STATIC / "js").rglob("*.js"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
INTEGRITY = json.loads((STATIC / "vendor" / "integrity.json").read_text())

READABLE = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent")
        for ground in ("ground", "surface", "raised", "sunken")
    ),
    *((tone, f"{tone}-soft") for tone in ("good", "wait", "bad", "note", "accent")),
    ("accent-ink", "accent"),
    ("ink", "accent-soft"),
    ("bad", "surface"),
]
VISIBLE = [
    *((shape, "surface") for shape in (*GROUPS, "rise", "fall", "accent", "line-strong")),
    ("accent", "ground"),
]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", INTEGRITY)
def test_vendored_file_is_the_one_that_was_recorded(name: str) -> None:
    digest = base64.b64encode(hashlib.sha384((ROOT / name).read_bytes()).digest()).decode()
    assert INTEGRITY[name] == f"sha384-{digest}"


def test_every_vendored_file_is_recorded_and_has_a_licence() -> None:
    places = (STATIC / "vendor", ROOT / "tests" / "vendor")
    files = [p for place in places for p in place.glob("*/*") if p.is_file()]
    assert {relative(p) for p in files} == set(INTEGRITY)
    assert {p.parent for p in files} == {p.parent for p in files if p.name == "LICENSE.txt"}


def test_package_lock_pins_by_hash_and_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "http" not in text
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}


@pytest.mark.parametrize("path", [*OWN_CSS, *OWN_JS, *PAGES], ids=relative)
def test_no_outside_host(path: Path) -> None:
    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_template_has_no_inline_code_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_template_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120


@pytest.mark.parametrize("path", OWN_JS, ids=relative)
def test_module_writes_no_code_and_no_markup(path: Path) -> None:
    assert not re.findall(
        r"\beval\(|new Function|innerHTML|document\.write|insertAdjacentHTML", path.read_text()
    )


def test_icons_that_are_used_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    used = set(chain.from_iterable(re.findall(r'{% icon "([a-z]+)"', page.read_text()) for page in PAGES))
    assert used <= drawn


@pytest.mark.parametrize("name", ["base.css", "components.css"])
def test_only_tokens_name_colours(name: str) -> None:
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", (STATIC / "css" / name).read_text())


def test_every_colour_group_has_a_token_and_a_swatch() -> None:
    css = (STATIC / "css" / "components.css").read_text()
    assert all(group in tokens("light") and group in tokens("dark") for group in GROUPS)
    assert all(f".swatch-{group} " in css for group in GROUPS if group != "rest")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READABLE, ids="-on-".join)
def test_text_is_readable(theme: str, ink: str, ground: str) -> None:
    assert contrast(tokens(theme)[ink], tokens(theme)[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), VISIBLE, ids="-on-".join)
def test_shapes_are_visible(theme: str, shape: str, ground: str) -> None:
    assert contrast(tokens(theme)[shape], tokens(theme)[ground]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", ["full", "protan", "deutan", "tritan"])
def test_groups_are_told_apart_whatever_the_eye(theme: str, sight: str) -> None:
    assert nearest(theme, sight, [group for group in GROUPS if group != "rest"]) >= 9


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", ["full", "protan", "deutan", "tritan"])
def test_rise_and_fall_are_told_apart_whatever_the_eye(theme: str, sight: str) -> None:
    assert nearest(theme, sight, ["rise", "fall", "accent"]) >= 9


def nearest(theme: str, sight: str, names: list[str]) -> float:
    """How far apart in CIE L*a*b* the two most similar of these colours are."""
    seen = [lab(simulated(channels(tokens(theme)[name]), sight)) for name in names]
    return min(
        sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) ** 0.5 for x in seen for y in seen if x is not y
    )


def tokens(theme: str) -> dict[str, str]:
    text = (STATIC / "css" / "tokens.css").read_text()
    light, dark = text.split('[data-bs-theme="dark"] {', 1)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return found if theme == "light" else {**found, **dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))}


def channels(colour: str) -> list[float]:
    """Linear red, green and blue from 0 to 1."""
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    bright = sorted(
        sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), channels(c), strict=True)) for c in (one, other)
    )
    return (bright[1] + 0.05) / (bright[0] + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1.
SIGHTS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def simulated(rgb: list[float], sight: str) -> list[float]:
    return [min(1.0, max(0.0, sum(w * v for w, v in zip(row, rgb, strict=True)))) for row in SIGHTS[sight]]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b*, D65."""
    r, g, b = rgb
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)

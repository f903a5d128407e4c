"""What the browser is sent besides pages: ours, complete, licensed, and asking nothing of other hosts."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "marketplace" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = ROOT / "data" / "build" / "icons.py"
VENDORED = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())

#: Names of XML vocabularies look like addresses and are never asked.
VOCABULARY = "http://www.w3.org/"


@pytest.fixture(scope="module")
def icons():
    return runpy.run_path(str(ICONS))


def test_the_sprite_holds_every_icon_that_is_named(icons):
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text("utf-8")))
    assert icons["meant"]().keys() - sprite == set(), "run data/build/icons.py"


def test_every_icon_that_is_named_exists(icons):
    assert icons["meant"]().keys() - icons["bundled"]().keys() == set()


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_what_comes_from_others_keeps_its_licence_and_is_named_with_its_version(folder):
    assert (folder / "LICENSE").stat().st_size > 200
    assert re.search(
        rf"`{re.escape(folder.name)}/` \|.*\d+\.\d+", (STATIC / "vendor" / "README.md").read_text()
    )


@pytest.mark.parametrize(
    "path",
    [path for kind in ("css", "js", "img") for path in sorted((STATIC / kind).iterdir())],
    ids=lambda path: path.name,
)
def test_our_styles_scripts_and_pictures_name_no_other_host(path):
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"')]*", path.read_text("utf-8"))
    assert [address for address in addresses if not address.startswith(VOCABULARY)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_page_breaks_the_content_security_policy(template):
    text = re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.S)
    assert re.findall(r"<[^>]*\sstyle\s*=|<style\b", text) == []
    assert re.findall(r"<[^>]*\son[a-z]+\s*=\s*[\"']", text) == []
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [script for script in scripts if "src=" not in script and "application/json" not in script] == []


def test_every_file_that_the_styles_name_is_there():
    for sheet in (STATIC / "css").glob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text("utf-8")):
            assert (sheet.parent / name).resolve().is_file(), f"{sheet.name}: {name}"

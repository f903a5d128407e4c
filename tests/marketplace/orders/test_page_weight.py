"""The page on which a household books, with everything it asks for, weighs under 150 kB as nginx serves it."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine

from tests.factories import NOW
from tests.marketplace.orders.large_order import large_order
from tests.support.people import browser_of

LIMIT = 150_000
NGINX = (Path(__file__).resolve().parents[3] / "docs/deploy/nginx.conf").read_text()
LEVEL = int(re.search(r"gzip_comp_level (\d)", NGINX)[1])
#: What nginx compresses; pages it always does.
COMPRESSED = {"text/html", *re.search(r"gzip_types ([^;]+);", NGINX)[1].split()}


class Asked(HTMLParser):
    """The addresses that a browser asks for when it shows the page."""

    def __init__(self, text: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "link" and {"stylesheet", "icon", "preload"} & set(said["rel"].split()):
            self.found.add(said["href"])
        elif tag in ("script", "img") and "src" in said:
            self.found.add(said["src"])
        elif tag == "use":
            self.found.add(said["href"].partition("#")[0])


def fonts(sheet: str, address: str) -> set[str]:
    """Those for Latin letters, upright; Chromium asks for no other on this page."""
    found = {urljoin(address, url) for url in re.findall(r'url\("([^"]+\.woff2)"\)', sheet)}
    return {url for url in found if "-latin-ext-" not in url and "-italic" not in url}


def served(browser, address: str) -> tuple[int, str]:
    """The bytes on the wire, and the text."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    body = answer.data
    small = gzip.compress(body, LEVEL) if answer.mimetype in COMPRESSED else body
    return len(small), answer.text if answer.mimetype.startswith("text/") else ""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_of_a_household_weighs_under_150_kb_with_all_it_asks_for(app, session):
    person, page = large_order(session, NOW)
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, person)
        weight, text = served(browser, page)
    weights = {page: weight}
    wanted = Asked(text).found
    while wanted - set(weights):
        address = min(wanted - set(weights))
        weights[address], sheet = served(browser, address)
        wanted |= fonts(sheet, urlsplit(address).path)
    assert sum(one.endswith(".woff2") for one in weights) == 2
    print("\n".join(f"{kept:7} {one}" for one, kept in sorted(weights.items())))
    assert sum(weights.values()) < LIMIT, weights

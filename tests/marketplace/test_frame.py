"""The parts of a page that are written once for everybody hold nothing of anybody's."""

import pytest
from jinja2 import meta

#: What a part may ask for: the page and the language that it is remembered by, and what is the same for every reader.
KNOWN = {"here", "lang", "_", "gettext", "url_for", "config", "bootstrap"}
PARTS = ("sheets", "menu", "links", "sign_in", "foot")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_asks_for_nothing_that_depends_on_the_reader(app, part):
    env = app.jinja_env
    source, *_ = env.loader.get_source(env, f"frame/{part}.html")
    assert meta.find_undeclared_variables(env.parse(source)) <= KNOWN


def test_every_part_is_looked_at(app):
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("frame/"))
    assert {name.removeprefix("frame/").removesuffix(".html") for name in names} == set(PARTS)


def test_a_part_is_of_the_language_the_mount_and_the_page_that_are_asked_for(app):
    browser = app.test_client()

    def page(path, root="", **headers):
        return browser.get(path, environ_overrides={"SCRIPT_NAME": root}, headers=headers).text

    for _ in range(2):
        mounted = page("/privacy", "/elsewhere")
        assert 'href="/elsewhere/privacy"' in mounted
        assert 'href="/privacy"' not in mounted
        italian, english = page("/privacy"), page("/privacy?lang=en")
        assert 'href="/elsewhere' not in italian
        assert "Come funziona" in italian
        assert "How it works" in english
        assert "Come funziona" not in english
        assert 'aria-current="page"' not in page("/no/such/page")
        assert "elsewhere.example" not in page("/privacy", **{"X-Forwarded-Host": "elsewhere.example"})

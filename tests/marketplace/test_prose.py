"""A little Markdown from members, as HTML in which nothing runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.prose import markdown, plain_text


def test_a_few_marks_become_html():
    html = markdown("Siamo **qui**.\n\n- uno\n- due\n\n[Sito](https://example.org)")
    assert "<strong>qui</strong>" in html
    assert html.count("<li>") == 2
    assert '<a href="https://example.org" rel="nofollow noopener">Sito</a>' in html


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="javascript:alert(1)">x</a>',
        "<p style='position:fixed'>x</p>",
        "<svg onload=alert(1)>",
        "![x](https://elsewhere.example/pixel.png)",
        "<iframe src='https://elsewhere.example'>",
        "<h1>Titolo</h1>",
    ],
)
def test_nothing_in_a_text_runs_or_loads(text):
    html = str(markdown(text)).lower()
    for forbidden in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<h1",
        "onerror=",
        "onload=",
        "javascript:",
        "data:",
        "style=",
    ):
        assert forbidden not in html.replace("&lt;", "")


@given(st.text())
def test_any_text_can_be_shown_whole_and_as_plain_words(text):
    assert "<script" not in markdown(text)
    assert "\n" not in plain_text(text)


def test_plain_words_have_no_marks():
    assert plain_text("Siamo **qui**.\n\n- uno\n- due & tre") == "Siamo qui. uno due & tre"

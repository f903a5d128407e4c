"""Text that people type, as it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.form_text import LineField, LinkField, ProseField, one_line, several_lines


class TextForm(Form):
    line = LineField("Line")
    prose = ProseField("Prose")
    link = LinkField("Link")


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("  Mele   renette ", "Mele renette"),
        ("Mele\x00 renette\x07", "Mele renette"),
        ("Mele\ufffe renette\uffff", "Mele renette"),
        ("prima\r\nseconda", "prima seconda"),
        ("\u00a0\t", ""),
        ("Però, l’orto!", "Però, l’orto!"),
    ],
)
def test_a_line_is_kept_without_what_nobody_can_see(typed, kept):
    assert one_line(typed) == kept


def test_several_lines_stay_lines():
    assert several_lines(" uno\r\ndue\rtre\u2028quattro\x00 \n") == "uno\ndue\ntre\nquattro"


@given(st.text())
def test_what_is_kept_is_kept_the_same_when_it_is_saved_again(text):
    assert one_line(one_line(text)) == one_line(text)
    assert several_lines(several_lines(text)) == several_lines(text)
    assert "\x00" not in one_line(text) + several_lines(text)


def test_of_several_values_the_last_counts_because_a_button_comes_after_the_box(request_context):
    form = TextForm(MultiDict([("line", "Samone"), ("line", "Samone (TN)")]))
    assert form.line.data == "Samone (TN)"


@pytest.mark.parametrize("link", ["https://example.org/a?b=c", "http://example.org/", "HTTPS://example.org"])
def test_an_address_of_the_web_is_a_link(request_context, link):
    form = TextForm(MultiDict({"link": link}))
    assert form.validate()
    assert form.link.data == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "example.org",
        "https://",
        "ftp://example.org/x",
    ],
)
def test_anything_else_is_none(request_context, link):
    assert not TextForm(MultiDict({"link": link})).validate()


def test_no_address_is_fine(request_context):
    assert TextForm(MultiDict({"link": ""})).validate()

"""What is needed, as people write it."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.demands.what_field import WhatField
from tests.factories import make_offer, make_organisation


class WhatForm(Form):
    what = WhatField("What")


def meant(text):
    form = WhatForm(MultiDict({"what": text}))
    return form.validate(), form.what


@pytest.mark.parametrize(
    "text, category",
    [
        ("carote", "food.vegetables.carrots"),
        ("Carote", "food.vegetables.carrots"),
        ("food.vegetables.carrots", "food.vegetables.carrots"),
        ("verdura", "food.vegetables"),
        ("Carrots", "food.vegetables.carrots"),
    ],
)
def test_a_name_a_synonym_or_a_code_is_a_category(request_context, text, category):
    valid, field = meant(text)
    assert valid
    assert (field.what.category, field.what.cpv) == (category, None)


@pytest.mark.parametrize("text", ["03222321-9", "03222321", " 03222321 "])
def test_a_cpv_code_is_kept_as_one(request_context, text):
    valid, field = meant(text)
    assert valid
    assert (field.what.category, field.what.cpv) == (None, "03222321")


def test_a_cpv_code_that_does_not_exist_is_said_not_to(request_context):
    valid, field = meant("99999999")
    assert not valid
    assert "99999999" in field.errors[0]


def test_a_word_that_means_several_things_asks_which(request_context):
    valid, field = meant("formaggio di capra")
    assert valid or len(field.suggestions) > 1


def test_words_that_name_no_category_propose_those_whose_offers_have_them(app, session):
    make_offer(
        session, make_organisation(session), title="Gnocchetti sardegnoli", category="food.vegetables.carrots"
    )
    session.commit()
    with app.test_request_context():
        valid, field = meant("gnocchetti sardegnoli")
    assert not valid
    assert [code for code, _label in field.suggestions] == ["food.vegetables.carrots"]


def test_words_that_nobody_uses_are_said_not_to_be_known(app):
    with app.test_request_context():
        valid, field = meant("qwertyuiop")
    assert not valid
    assert field.suggestions == []

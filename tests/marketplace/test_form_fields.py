"""Fields that hold our integers, and say in words what is wrong with what was typed."""

import pytest
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Optional

from marketplace.form_fields import MoneyField, QuantityField, UnitPriceField, WholeNumberField
from marketplace.i18n import speaking


class Form(FlaskForm):
    amount = MoneyField("amount", [Optional()])
    price = UnitPriceField("price", [Optional()])
    quantity = QuantityField("quantity", [Optional()], minimum=1)
    days = WholeNumberField("days", [Optional()], maximum=365)
    needed = MoneyField("needed", [InputRequired()])


@pytest.fixture
def posted(app):
    def post(**values):
        with app.test_request_context("/", method="POST", data={"needed": "1"} | values):
            form = Form()
            form.validate()
            return form

    return post


def test_typed_numbers_become_counts_of_the_smallest_unit(posted):
    form = posted(amount="12,50", price="2,675", quantity="0,333", days="14")
    assert not form.errors
    assert (form.amount.data, form.price.data, form.quantity.data, form.days.data) == (1250, 26_750, 333, 14)


def test_an_empty_field_holds_nothing(posted):
    form = posted(amount="", price="  ")
    assert not form.errors
    assert form.amount.data is None
    assert form.price.data is None


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e5", "-0", "１２", "1_000", "10^30", "9" * 31])
def test_what_is_no_plain_number_is_said_beside_the_field_and_shown_again(posted, text):
    form = posted(price=text)
    assert form.errors["price"]
    assert form.price.data is None
    assert form.price._value() == text


def test_an_ambiguous_number_is_asked_about_with_both_meanings(posted):
    message = posted(price="1.234").errors["price"][0]
    assert "1234" in message
    assert "1,234" in message


@pytest.mark.parametrize("field, text", [("quantity", "0"), ("days", "366"), ("amount", "1000000001")])
def test_bounds_are_kept(posted, field, text):
    assert posted(**{field: text}).errors[field]


def test_a_needed_number_must_be_there(posted):
    assert posted(needed="").errors["needed"]


@pytest.mark.parametrize("language, shown", [("it", "2,675"), ("en", "2.6750")])
def test_a_held_number_is_shown_as_the_language_writes_it(app, language, shown):
    with app.test_request_context("/"), speaking(language):
        assert Form(data={"price": 26_750}).price._value() == shown

"""The building blocks of pages: what they say, to the eye and to a screen reader, and what they never let through."""

from types import SimpleNamespace

import pytest
from flask import get_template_attribute, render_template, render_template_string
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Optional

HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture
def in_page(app):
    with app.test_request_context("/search?q=miele&kind=producer&kind=network"):
        yield app


def macro(file, name):
    return get_template_attribute(f"_macros/{file}.html", name)


def an_offer(**changes):
    values = {
        "id": 1,
        "title": "Miele",
        "unit": "jar",
        "price": 79_000,
        "organisation": SimpleNamespace(name="Prova"),
    }
    return SimpleNamespace(**values | changes)


class AForm(FlaskForm):
    class Meta:
        csrf = False

    title = StringField("Titolo", [DataRequired("Scrivi un titolo.")], description="Come lo chiami.")
    note = StringField("Nota", [Optional()])
    how = RadioField(
        "Come",
        choices=[SelectChoice("a", "Così"), SelectChoice("b", "Cosà")],
        validators=[DataRequired("Scegli.")],
    )


@pytest.fixture
def refused_form(in_page):
    form = AForm(formdata=None)
    form.validate()
    return form


def test_an_error_stands_beside_its_field_and_is_tied_to_it(refused_form):
    html = macro("forms", "field")(refused_form.title)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="title-help title-error"' in html
    assert 'id="title-help"' in html
    assert 'id="title-error"' in html
    assert "Scrivi un titolo." in html


def test_a_field_that_may_stay_empty_says_so(refused_form):
    assert 'class="optional"' in macro("forms", "field")(refused_form.note)
    assert 'class="optional"' not in macro("forms", "field")(refused_form.title)


def test_a_choice_has_one_legend_and_a_label_for_each_option(refused_form):
    html = macro("forms", "field")(refused_form.how)
    assert html.count("<legend") == 1
    assert html.count("<label") == 2


def test_what_is_wrong_is_listed_at_the_top_with_a_way_to_each_field(refused_form):
    html = macro("forms", "form_errors")(refused_form)
    assert 'role="alert"' in html
    assert 'href="#title"' in html
    assert 'href="#how"' in html
    assert 'href="#note"' not in html


def test_the_words_of_a_button_are_on_a_button_in_every_language(in_page):
    html = render_template_string(
        '{% from "_macros/forms.html" import buttons %}{{ buttons(_("Search")) }}{{ buttons(form.title(class="x")) }}',
        form=AForm(formdata=None),
    )
    assert html.count("<button") == 1
    assert html.count("<input") == 1


def test_a_price_is_shown_with_its_unit_and_a_missing_one_as_on_request(in_page):
    price = macro("cards", "price")
    assert "7,90" in price(79_000, "jar") or "7.90" in price(79_000, "jar")
    assert "price-request" in price(None)
    assert "price-request" not in price(0)


def test_names_are_written_as_text_in_cards(in_page):
    html = macro("cards", "offer_card")(an_offer(title=HOSTILE), "/offers/1", facts=[HOSTILE], place=HOSTILE)
    assert "<img" not in html
    assert "</script>" not in html


def test_the_data_of_a_map_cannot_leave_their_script(in_page):
    points = {"type": "FeatureCollection", "features": [{"properties": {"name": HOSTILE}}]}
    html = macro("map", "map_data")(points, "map", {"lat": 45.7, "lon": 9.7, "label": HOSTILE})
    assert html.count("</script>") == 2
    assert "<img" not in html


def test_a_score_opens_into_parts_that_add_up_in_words_without_jargon(in_page):
    html = macro("evidence", "score_bar")(
        0.78,
        {"fit": 0.29, "proximity": 0.14, "values": 0.35},
        {"fit": 3, "proximity": 2, "values": 4},
        ["price"],
    )
    assert html.count("<meter") == 3
    assert html.count('<rect class="score-') == 4  # three parts, and what is missing to the whole
    for jargon in ("utility", "weight", "half-life", "peso"):
        assert jargon not in html.lower()


def test_a_score_of_which_nothing_counts_can_be_shown(in_page):
    assert "score-total" in macro("evidence", "score_bar")(0.0, {"fit": 0.0}, {"fit": 0})


def test_an_expired_proof_says_when_it_expired_and_an_unchecked_one_that_nobody_checked(in_page):
    html = macro("evidence", "evidence_list")(
        [{"label": "Biologico", "proof": "certified", "expires": "2026-03-31", "expired": True}]
    )
    assert "evidence-expired" in html
    assert "2026" in html


def test_pages_keep_every_other_parameter(in_page):
    html = macro("page", "pagination")(2, 20, 100)
    assert "page=1" in html
    assert "page=3" in html
    assert html.count("kind=producer") == 2
    assert html.count("kind=network") == 2


@pytest.mark.parametrize("total", [0, 1, 20])
def test_one_page_needs_no_pagination(in_page, total):
    assert "<nav" not in macro("page", "pagination")(1, 20, total)


def test_a_chosen_filter_stays_in_sight_below_the_fold(in_page):
    items = [
        SimpleNamespace(value=str(n), label=str(n), count=n, selected=n == 9, icon=None) for n in range(10)
    ]
    html = macro("page", "facet_list")("What", "category", items, shown=4)
    assert '<details class="facet-more" open>' in html
    assert html.count("checked") == 1


def test_an_icon_without_a_label_is_hidden_from_screen_readers(in_page):
    icon = macro("icon", "icon")
    assert 'aria-hidden="true"' in icon("search")
    assert 'aria-label="Cerca"' in icon("search", "Cerca")
    assert "aria-hidden" not in icon("search", "Cerca")


def test_a_text_beside_an_icon_is_escaped_also_after_markup_of_the_same_letters(in_page):
    beside = in_page.jinja_env.globals["icon_beside"]
    assert "<b>miele</b>" in beside("search", Markup("<b>miele</b>"))
    assert "&lt;b&gt;miele&lt;/b&gt;" in beside("search", "<b>miele</b>")


def test_every_page_says_what_it_is_in_the_tab_and_offers_to_skip_the_menus(in_page):
    html = render_template_string(
        '{% extends "base.html" %}{% block title %}Miele{% endblock %}{% block content %}<h1>Miele</h1>{% endblock %}'
    )
    assert "<title>Miele · Incontro</title>" in html
    assert html.index("skip-link") < html.index("<header")
    assert '<main id="main"' in html
    assert html.count("<h1>") == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 418, 429, 500, 503])
def test_every_error_says_how_to_go_on(in_page, status):
    html = render_template([f"errors/{status}.html", "errors/error.html"], status=status, message=HOSTILE)
    assert f"{status}</p>" in html
    assert 'class="btn btn-primary" href=' in html
    assert "<img src=x" not in html


def test_an_error_that_is_translated_only_when_shown_is_shown(in_page):
    class LazyForm(AForm):
        title = StringField("Titolo", [DataRequired(lazy_gettext("Write its name."))])

    form = LazyForm(formdata=None)
    form.validate()
    assert str(form.title.errors[0]) in macro("forms", "field")(form.title)

"""``data/categories.csv``: enough of it, well named, with icons and codes that exist."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import flask_bootstrap
import pytest

from search.category_names import plain_name
from search.taxonomy import LANGUAGES, CategoryTree, cpv_prefix
from tests.data import DATA

TREE = CategoryTree.load(DATA / "categories.csv")
SPRITE = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "icons" / "bootstrap-icons.svg"

# Names that mean several things on purpose: a person is asked which. Ends in the language of the name.
MEANT_TO_BE_ASKED = {
    "agrume",
    "agrumi",  # oranges, mandarins, lemons
    "citrus",
    "centri diurni",
    "centro diurno",  # for older people and for people with disabilities
    "frutta e verdura",  # two kinds of food that are often one request
    "penne",  # pasta and pens
    "sale",  # salt and rooms
    "pepper",  # the vegetable and the spice
    "cream",  # of milk and for the skin
}


def official_cpv():
    with open(DATA / "cpv.csv", encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def names_of(category):
    for language in LANGUAGES:
        yield category.label(language)
        yield from category.synonyms(language)


def test_the_tree_is_large_and_has_three_levels():
    levels = [category.level for category in TREE]
    assert len(TREE) >= 400
    assert set(levels) == {1, 2, 3}
    assert levels.count(3) >= 300


def test_every_icon_is_among_the_bundled_ones():
    bundled = set(re.findall(r'<symbol[^>]* id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    assert len(bundled) > 1000
    assert {category.code: category.icon for category in TREE if category.icon not in bundled} == {}


def test_every_cpv_code_is_official_and_written_whole():
    official = official_cpv()
    assert [(c.code, cpv) for c in TREE for cpv in c.cpv if cpv not in official] == []


def test_no_cpv_code_is_given_twice_along_a_branch():
    # The category above already reaches everything below it.
    for category in TREE:
        above = {cpv for code in TREE.ancestors(category.code) for cpv in TREE[code].cpv}
        assert not above & set(category.cpv), category.code


def test_every_top_node_answers_to_cpv_codes_itself_or_below():
    for root in TREE.roots():
        assert any(TREE[code].cpv for code in (root.code, *TREE.descendants(root.code))), root.code


def test_labels_are_unique_in_each_language():
    for language in LANGUAGES:
        labels = [plain_name(category.label(language)) for category in TREE]
        assert sorted(labels) == sorted(set(labels))


def test_siblings_have_different_labels_and_no_node_has_a_single_child():
    for category in TREE:
        assert len(TREE.children(category.code)) != 1, category.code


def test_no_kind_of_food_is_a_leaf_of_the_second_level():
    # Leaves of one parent are siblings and answer each other at 0.4: honey must not answer for eggs.
    assert [category.code for category in TREE.children("food") if TREE.is_leaf(category.code)] == []


def test_every_category_has_synonyms_in_both_languages():
    assert [c.code for c in TREE if not c.synonyms_it] == []
    assert [c.code for c in TREE if not c.synonyms_en] == []


def test_no_category_names_itself_twice():
    for category in TREE:
        for language in LANGUAGES:
            names = [plain_name(name) for name in (category.label(language), *category.synonyms(language))]
            assert sorted(names) == sorted(set(names)), category.code


def test_every_name_resolves_to_its_category_or_is_meant_to_be_asked():
    astray = defaultdict(set)
    for category in TREE:
        for name in names_of(category):
            found = TREE.resolve(name)
            if isinstance(found, tuple):
                if plain_name(name) not in MEANT_TO_BE_ASKED:
                    astray[name] |= set(found)
            # A name may also be that of a category above, which is then the one that is meant.
            elif found != category.code and found not in TREE.ancestors(category.code):
                astray[name].add(f"{category.code} -> {found}")
    assert dict(astray) == {}


def test_the_names_meant_to_be_asked_are_really_ambiguous():
    assert [name for name in MEANT_TO_BE_ASKED if not isinstance(TREE.resolve(name), tuple)] == []


def test_goods_and_services_are_both_there_and_roots_agree_with_most_below():
    kinds = [category.kind for category in TREE]
    assert kinds.count("goods") >= 150
    assert kinds.count("service") >= 150


@pytest.mark.parametrize(
    "word, category",
    [
        ("verdura", "food.vegetables.carrots"),
        ("mensa", "catering.canteens.school"),
        ("frutta", "food.fruit.apples"),
        ("formaggio", "food.dairy.goat_cheese"),
        ("pulizie", "cleaning.buildings.schools"),
        ("verde", "green.maintenance.pruning"),
        ("assistenza", "social.elderly.home_care"),
        ("riuso", "reuse.repair.bikes"),
        ("energie rinnovabili", "energy.supply.community"),
    ],
)
def test_the_wide_word_reaches_the_narrow_offer(word, category):
    assert TREE.similarity(TREE.resolve(word), category) == 1.0


def test_nobody_is_promised_more_than_the_words_allow():
    # "Biologico", "km 0" and the like are claims with a proof, never the name of a category.
    reserved = re.compile(r"\b(bio|biologic\w+|organic|km ?0|chilometro zero|ecologic\w+|sostenibil\w+)\b")
    allowed = {"turismo sostenibile", "edilizia sostenibile", "sustainable building"}
    places = {
        "piattaforma ecologica",
        "isola ecologica",
        "ecological platform",
        "operatore ecologico",
        "guardie ecologiche",
    }
    said = {name for category in TREE for name in names_of(category) if reserved.search(plain_name(name))}
    assert {name for name in said if "ecologic" not in name} <= allowed
    assert {name for name in said if "ecologic" in name} <= places | {"gestione piattaforma ecologica"}


def test_prefixes_fit_the_search_by_longest_prefix():
    assert all(len(cpv_prefix(cpv)) >= 2 for category in TREE for cpv in category.cpv)

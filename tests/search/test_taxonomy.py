"""The tree of categories: similarity, CPV codes, names; on the real file and on small trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.taxonomy import COLUMNS, Category, CategoryTree, TaxonomyError, cpv_prefix
from tests.data import DATA

TREE = CategoryTree.load(DATA / "categories.csv")
CODES = sorted(category.code for category in TREE)
codes = st.sampled_from(CODES)


def row(code, *, parent="", label=None, synonyms="", cpv="", kind="goods", icon="egg"):
    name = label or code
    values = (code, parent, name, name, synonyms, "", cpv, icon, kind)
    return dict(zip(COLUMNS, values, strict=True))


def tree(*rows):
    return CategoryTree.from_rows(rows)


# Similarity


@pytest.mark.parametrize(
    "asked, offered, expected",
    [
        ("food.dairy", "food.dairy", 1.0),
        ("food.dairy", "food.dairy.goat_cheese", 1.0),
        ("food", "food.dairy.goat_cheese", 1.0),
        ("food.dairy.goat_cheese", "food.dairy", 0.8),
        ("food.dairy", "food", 0.8),
        ("food.dairy.goat_cheese", "food", 0.6),
        ("food.dairy.goat_cheese", "food.dairy.stracchino", 0.4),
        ("food.dairy", "food.vegetables", 0.4),
        ("food", "crafts", 0.0),
        ("food.dairy.goat_cheese", "food.vegetables", 0.0),
        ("food.dairy.goat_cheese", "food.vegetables.carrots", 0.0),
    ],
)
def test_similarity_follows_the_tree(asked, offered, expected):
    assert TREE.similarity(asked, offered) == expected


@given(codes)
def test_a_category_answers_itself_fully(code):
    assert TREE.similarity(code, code) == 1.0


@given(codes, codes)
def test_similarity_takes_only_the_five_values(asked, offered):
    assert TREE.similarity(asked, offered) in (0.0, 0.4, 0.6, 0.8, 1.0)


@given(codes, codes)
def test_only_the_same_branch_answers_better_than_a_sibling(asked, offered):
    related = asked in (offered, *TREE.ancestors(offered)) or offered in TREE.ancestors(asked)
    assert (TREE.similarity(asked, offered) > 0.4) == related


@given(codes, codes)
def test_a_wider_need_is_never_answered_worse_on_its_own_branch(asked, offered):
    for wider in TREE.ancestors(asked):
        if TREE.similarity(asked, offered) > 0.4:
            assert TREE.similarity(wider, offered) >= TREE.similarity(asked, offered)


@given(codes, codes)
def test_siblings_answer_each_other_alike(one, other):
    assert (TREE.similarity(one, other) == 0.4) == (TREE.similarity(other, one) == 0.4)


@given(st.lists(codes, max_size=4))
def test_the_table_of_similarities_is_the_best_of_each_pair(asked):
    expected = {
        offered: best
        for offered in CODES
        if (best := max((TREE.similarity(code, offered) for code in asked), default=0.0)) > 0
    }
    assert TREE.similarities(asked) == expected


def test_top_nodes_are_nobodys_siblings():
    for one in TREE.roots():
        for other in TREE.roots():
            assert TREE.similarity(one.code, other.code) == (1.0 if one is other else 0.0)


def test_an_unknown_category_is_an_error():
    with pytest.raises(KeyError):
        TREE.similarity("food", "nothing")
    with pytest.raises(KeyError):
        TREE.similarities(["nothing"])


# The tree


@given(codes)
def test_ancestors_and_descendants_agree(code):
    assert all(code in TREE.descendants(above) for above in TREE.ancestors(code))
    assert all(code in TREE.ancestors(below) for below in TREE.descendants(code))
    assert len(TREE.ancestors(code)) == TREE[code].level - 1


def test_leaves_have_nothing_below_and_cover_the_tree():
    assert {leaf.code for leaf in TREE.leaves()} == {code for code in CODES if not TREE.descendants(code)}
    assert [leaf.code for leaf in TREE.leaves("food.dairy.milk")] == ["food.dairy.milk"]
    assert "food.dairy.goat_cheese" in {leaf.code for leaf in TREE.leaves("food")}


def test_choices_hold_every_category_once_under_its_top_node():
    groups = TREE.choices("it")
    assert list(groups) == [root.label_it for root in TREE.roots()]
    assert sorted(code for options in groups.values() for code, _ in options) == CODES


def test_a_path_reads_from_the_top_down():
    assert TREE.path("food.dairy.goat_cheese") == (
        "Cibo e bevande",
        "Formaggi e latticini",
        "Formaggi caprini",
    )
    assert TREE.path("food.dairy.goat_cheese", "en")[-1] == "Goat's cheese"


def test_the_version_depends_on_content_not_on_order_or_spacing():
    one = tree(row("a"), row("b", synonyms="x|y"))
    assert one.version == tree(row("b", synonyms=" x | y "), row("a")).version
    assert one.version != tree(row("a"), row("b", synonyms="x")).version
    assert len(one.version) == 64


@pytest.mark.parametrize(
    "rows, complaint",
    [
        ([row("a"), row("a")], "twice"),
        ([row("a.b", parent="a")], "not above"),
        ([row("a.b", parent="a"), row("a", parent="a.b")], "not above|begin with"),
        ([row("a"), row("b", parent="a")], "begin with"),
        (
            [row("a"), row("a.b", parent="a"), row("a.b.c", parent="a.b"), row("a.b.c.d", parent="a.b.c")],
            "level",
        ),
        ([row("Bad code")], "lower-case"),
        ([row("a", kind="thing")], "kind"),
        ([row("a", icon=" ")], "icon"),
        ([row("a", cpv="9")], "CPV"),
        ([{"code": "a"}], "no column"),
    ],
)
def test_a_broken_file_is_refused_with_the_row_and_the_rule(rows, complaint):
    with pytest.raises(TaxonomyError, match=complaint):
        tree(*rows)


def test_categories_built_by_hand_are_held_to_the_same_levels():
    stray = Category("a", None, 2, "a", "a", (), (), (), "egg", "goods")
    with pytest.raises(TaxonomyError, match="level"):
        CategoryTree([stray])


# CPV codes


@pytest.mark.parametrize(
    "code, prefix",
    [
        ("03222321", "03222321"),
        ("03222321-7", "03222321"),
        ("032223217", "03222321"),
        (" 03222000-3 ", "03222"),
        ("80000000", "80"),
        ("55", "55"),
        ("5", None),
        ("0322232-1", None),
        ("03222321-77", None),
        ("mele", None),
        ("", None),
        ("０３２２２３２１", None),
    ],
)
def test_a_cpv_code_is_cut_to_its_significant_digits(code, prefix):
    assert cpv_prefix(code) == prefix


SMALL = tree(row("a", cpv="03000000"), row("b", cpv="03222000|80000000"), row("c", cpv="03222000"))


@pytest.mark.parametrize(
    "code, expected",
    [
        ("03222321-7", ("b", "c")),
        ("03222000", ("b", "c")),
        ("03220000", ("a",)),
        ("03112000", ("a",)),
        ("80530000", ("b",)),
        ("09000000", ()),
        ("nonsense", ()),
    ],
)
def test_a_cpv_code_reaches_its_longest_mapped_prefix(code, expected):
    assert SMALL.by_cpv(code) == expected


@given(st.integers(0, 10**8 - 1).map("{:08d}".format))
def test_by_cpv_agrees_with_trying_every_prefix(code):
    mapped = {cpv_prefix(cpv): category.code for category in SMALL for cpv in category.cpv}
    tried = [code[:length].rstrip("0") if length > 2 else code[:2] for length in range(8, 1, -1)]
    tried = [prefix if len(prefix) >= 2 else code[:2] for prefix in tried]
    longest = next((prefix for prefix in tried if prefix in mapped), None)
    expected = (
        tuple(c.code for c in SMALL if longest in {cpv_prefix(cpv) for cpv in c.cpv}) if longest else ()
    )
    assert SMALL.by_cpv(code) == expected


@pytest.mark.parametrize(
    "code, expected",
    [
        ("03222321", "food.fruit.apples"),
        ("55523100-3", "catering.canteens.school"),
        ("55524000-9", "catering.canteens.school"),
        ("03142100", "food.sweet.honey"),
        ("90919300", "cleaning.buildings.schools"),
        ("90911200-8", "cleaning.buildings"),
        ("77310000", "green.maintenance"),
        ("77340000", "green.maintenance.pruning"),
        ("98310000", "laundry"),
        ("85310000", "social"),
        ("80000000", "education"),
        ("15000000", "food"),
    ],
)
def test_the_codes_of_common_notices_find_their_category(code, expected):
    assert TREE.by_cpv(code) == (expected,)


def test_a_category_without_a_code_of_its_own_takes_the_one_above():
    assert TREE.cpv_for("food.fruit.apples") == "03222321"
    assert tree(row("a", cpv="03000000"), row("a.b", parent="a")).cpv_for("a.b") == "03000000"
    assert tree(row("a")).cpv_for("a") is None


# Names


@pytest.mark.parametrize(
    "text, code",
    [
        ("food.dairy.goat_cheese", "food.dairy.goat_cheese"),
        ("Formaggi caprini", "food.dairy.goat_cheese"),
        ("FORMAGGIO CAPRINO", "food.dairy.goat_cheese"),
        ("verdura", "food.vegetables"),
        ("carota", "food.vegetables.carrots"),
        ("Zucche", "food.vegetables.pumpkin"),
        ("caffè", "food.coffee_tea.coffee"),
        ("caffe", "food.coffee_tea.coffee"),
        ("olio d'oliva", "food.condiments.olive_oil"),
        ("olio d’oliva", "food.condiments.olive_oil"),
        ("olio di oliva", "food.condiments.olive_oil"),
        ("casonsèi", "food.cereals.fresh_pasta"),
        ("formai de mut", "food.dairy.formai_de_mut"),
        ("servizio di refezione scolastica", "catering.canteens.school"),
        ("mense scolastiche", "catering.canteens.school"),
        ("apples", "food.fruit.apples"),
        ("berry", "food.fruit.berries"),
        ("03222321-7", "food.fruit.apples"),
        ("pesca", "food.fruit.peaches"),
        ("pesce", "food.fish"),
        ("mensa", "catering.canteens"),
        ("pulizie", "cleaning"),
        ("non esiste", None),
        ("", None),
        ("99999999", None),
    ],
)
def test_a_name_resolves_to_its_category(text, code):
    assert TREE.resolve(text) == code


def test_a_name_that_may_mean_several_categories_gives_them_all():
    assert TREE.resolve("agrumi") == ("food.fruit.oranges", "food.fruit.mandarins", "food.fruit.lemons")
    assert TREE.resolve("sale") == ("food.condiments.salt_spices", "spaces.rooms")


def test_the_category_above_is_meant_where_others_are_below_it():
    nested = tree(row("a", synonyms="word"), row("a.b", parent="a", synonyms="word"), row("c"))
    assert nested.resolve("word") == "a"


def test_a_label_outranks_a_synonym_and_an_exact_name_a_folded_one():
    names = tree(
        row("a", label="pane"), row("b", synonyms="pane|pani"), row("c", label="pesche", synonyms="pesca")
    )
    assert names.resolve("Pane") == "a"
    assert names.resolve("pani") == "b"
    assert names.resolve("pesche") == "c"


@given(codes)
def test_every_code_resolves_to_itself(code):
    assert TREE.resolve(code) == code
    assert TREE.resolve(f"  {code.upper()} ") == code


@given(st.text(max_size=40))
def test_any_text_resolves_without_a_stumble(text):
    found = TREE.resolve(text)
    assert found is None or found in TREE or all(code in TREE for code in found)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text import fold, stems, words

SINGULAR_AND_PLURAL = """
uva uve|ape api|oca oche|mela mele|pera pere|pesca pesche|pesce pesci|noce noci|fico fichi|uovo uova|arancia arance
ciliegia ciliegie|formaggio formaggi|caprino caprini|asparago asparagi|fungo funghi|carciofo carciofi|zucca zucche
zucchina zucchine|cipolla cipolle|cece ceci|fagiolo fagioli|lenticchia lenticchie|biscotto biscotti|succo succhi
vino vini|olio oli|riso risi|pasta paste|pane pani|dolce dolci|latticino latticini|salame salami|carne carni
pollo polli|coniglio conigli|maiale maiali|servizio servizi|pulizia pulizie|mensa mense|pasto pasti
lavanderia lavanderie|trasporto trasporti|giardino giardini|siepe siepi|albero alberi|manutenzione manutenzioni
laboratorio laboratori|bicicletta biciclette|tessuto tessuti|sapone saponi|cosmetico cosmetici|erba erbe
scuola scuole|anziano anziani|bambino bambini|educatore educatori|psicologo psicologi|viaggio viaggi
agriturismo agriturismi|rifugio rifugi|albergo alberghi|pannello pannelli|banca banche|banco banchi
castagna castagne|fragola fragole|limone limoni|pomodoro pomodori|cavolo cavoli|lattuga lattughe|sedano sedani
orzo orzi|bue buoi|parco parchi|sacco sacchi|ufficio uffici|edificio edifici|biologico biologici|biologica biologiche
fresco freschi|stracchino stracchini|lenzuolo lenzuola|vivaio vivai|trasloco traslochi|giocattolo giocattoli
concerto concerti|camera camere|tempio templi|uomo uomini|gnocco gnocchi|detergente detergenti|alimento alimenti
pavimento pavimenti|amaranto amaranti|alimentare alimentari|zucchero zuccheri|fioriera fioriere|cantiere cantieri
strumento strumenti|intervento interventi|veterinario veterinari|volontario volontari|criterio criteri
""".strip().replace("\n", "|")


@pytest.mark.parametrize("pair", SINGULAR_AND_PLURAL.split("|"))
def test_a_plural_meets_its_singular(pair):
    singular, plural = pair.split()
    assert stems(singular) == stems(plural) != []


@pytest.mark.parametrize(
    "pair",
    [
        "pesca pesce",
        "pesche pesci",
        "pasta pasto",
        "paste pasti",
        "banca banco",
        "banche banchi",
        "composta compost",
        "mele miele",
        "cantiere cantare",
        "zucca zucchero",
        "pane panna",
    ],
)
def test_words_that_look_alike_stay_apart(pair):
    one, other = pair.split()
    assert stems(one) != stems(other)


@pytest.mark.parametrize(
    "several",
    [
        "riparare riparazione riparazioni riparatore",
        "ristorante ristoranti ristorazione",
        "educativo educazione educatrice",
        "assistere assistenza assistente",
        "noleggio noleggiare",
        "bio biologico biologica biologici biologiche",
    ],
)
def test_a_service_meets_its_verb(several):
    assert len({tuple(stems(word)) for word in several.split()}) == 1


@pytest.mark.parametrize("written", ["dell'orto", "dell’orto", "DELL'ORTO", "dell`orto", "l'orto", "orti"])
def test_an_elided_article_is_no_word(written):
    assert stems(written) == stems("orto")


@pytest.mark.parametrize("written", ["caffè", "caffe", "caffe'", "CAFFÈ", "caffe\u0300"])
def test_accents_do_not_count(written):
    assert stems(written) == stems("caffè")


def test_stop_words_go_but_information_technology_and_without_stay():
    assert stems("il servizio di IT per le scuole") == stems("servizio IT scuole")
    assert "it" in stems("IT")
    assert stems("senza glutine") != stems("glutine")


def test_digits_and_letters_are_apart():
    assert stems("5kg") == stems("5 kg") == ["5", "kg"]
    assert stems("km0") == stems("chilometro zero")


def test_fair_trade_is_found_in_one_word_and_in_two():
    assert stems("equosolidale") == stems("equo e solidale")


def test_stems_keep_order_and_repeats():
    assert stems("pane, formaggio e ancora pane") == ["pan", "formagg", "ancor", "pan"]


@given(st.text(max_size=60))
def test_any_text_has_stems_without_blanks_or_accents(text):
    for stem in stems(text):
        assert stem
        assert stem == fold(stem)
        assert not any(letter.isspace() for letter in stem)


@given(st.text(max_size=60))
def test_case_never_counts(text):
    assert stems(text.casefold()) == stems(text)


@given(st.lists(st.sampled_from("miele formaggi dell'orto per IT caffè 5kg".split()), max_size=6))
def test_the_stems_of_a_text_are_those_of_its_words(several):
    joined = " ".join(several)
    assert stems(joined) == [stem for word in several for stem in stems(word)]
    assert words(joined) == [word for each in several for word in words(each)]

"""Words for generated districts: those of the category tree, common words of catalogues, and many rare ones.

How often a word is used falls with its rank as in real texts (Zipf), so that the posting lists of the
index have realistic lengths: a few words in every third offer, most in hardly any.
"""

from collections.abc import Sequence

import numpy as np

from search.taxonomy import Category, CategoryTree
from search.text import words

ZIPF_EXPONENT = 1.05
ZIPF_SHIFT = 8
"""Added to the rank, so that the most frequent word does not stand in every text."""
RARE_WORDS = 30_000
"""Words beyond those of the tree, made of syllables: names of varieties, places and people."""

COMMON = tuple(
    "fresco produzione raccolto stagione consegna cassetta piccolo famiglia lavorazione mano valle montagna"
    " prodotto coltivato senza trattamenti varietà antica locale sapore territorio filiera ogni settimana"
    " ordine ritiro mercato cascina campo orto cooperativa laboratorio servizio progetto persone lavoro cura"
    " attenzione qualità ambiente materiale naturale ingredienti conservanti aggiunta zucchero farina acqua"
    " sole inverno estate primavera autunno peso circa confezione vetro sacchetto sfuso misto grande nostro"
    " tradizione ricetta stagionatura latte crudo erba fieno pascolo animali allevamento aperto bosco collina"
    " pianura lago fiume provincia comune scuola bambini anziani gruppo prezzo accordo preventivo sopralluogo"
    " orario squadra attrezzatura mezzi elettrico riuso riparazione recupero ricambio durata garanzia formazione"
    " corso incontro visita guida esperienza spazio sala giornata mensile annuale abbonamento".split()
)

_ONSETS = "b c d f g l m n p r s t v br cr gr pr tr st sp fr gn sc ch gh".split()
_NUCLEI = "a e i o u ia ie io".split()
_ENDINGS = "a e i o one ino ello etto ana aldo enga ate asca".split()


class Wording:
    """Draws words. Immutable; every draw takes its own generator of random numbers."""

    def __init__(self, tree: CategoryTree, seed: int) -> None:
        generator = np.random.default_rng((seed, 0))
        own = sorted(
            {word for node in tree for name in _names(node) for word in words(name) if len(word) > 2}
        )
        generator.shuffle(own)
        self.words: tuple[str, ...] = (*COMMON, *own, *_rare_words(generator, RARE_WORDS))
        self._cumulative = _zipf(len(self.words))

    def draw(self, generator: np.random.Generator, count: int) -> list[str]:
        """So many words, frequent ones often."""
        ranks = np.searchsorted(self._cumulative, generator.random(count), side="right")
        return [self.words[rank] for rank in ranks.tolist()]


def _names(node: Category) -> Sequence[str]:
    return (node.label_it, *node.synonyms_it)


def _zipf(size: int) -> np.ndarray:
    weights = 1.0 / (np.arange(size) + ZIPF_SHIFT) ** ZIPF_EXPONENT
    return np.cumsum(weights) / weights.sum()


def _rare_words(generator: np.random.Generator, count: int) -> list[str]:
    """Distinct words that could be Italian and mean nothing."""
    made: dict[str, None] = {}
    while len(made) < count:
        onsets = generator.integers(len(_ONSETS), size=(count, 3)).tolist()
        nuclei = generator.integers(len(_NUCLEI), size=(count, 2)).tolist()
        endings = generator.integers(len(_ENDINGS), size=count).tolist()
        for (a, b, c), (d, e), ending in zip(onsets, nuclei, endings, strict=True):
            made[f"{_ONSETS[a]}{_NUCLEI[d]}{_ONSETS[b]}{_NUCLEI[e]}{_ONSETS[c]}{_ENDINGS[ending]}"] = None
    return list(made)[:count]

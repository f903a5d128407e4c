"""offers.csv: every maker takes products of its trades, in its own wording, at its own price."""

from __future__ import annotations

import re

from district.chance import chance
from district.sources import Maker, Product
from geo.comuni import Comune
from search.category_names import plain_name

#: How many of a trade's products a maker has: of its first trade, of its others.
SHARES = (0.86, 0.55)
#: How often a product with several wordings stands twice in a catalogue (two sizes, two kinds).
TWICE = 0.38
#: Trades so small that their makers have all of it, mostly in several wordings.
SMALL_TRADE, TWICE_IN_SMALL = 5, 0.8
GOODS = ("food.", "farm.", "crafts.", "home.", "reuse.shops.")
RESERVED = "biologic"
PROTECTED = frozenset({"DOP", "DOC", "DOCG"})
#: Names that belong to some comuni only.
ONLY_FROM = {
    "formai de mut": {"Branzi", "Valtorta", "Foppolo", "Averara"},
    "moscato di scanzo": {"Scanzorosciate"},
    "taleggio": {"Taleggio", "Valtorta", "Branzi"},
}
#: North of it the province is mountains, and figs and kiwis do not ripen.
MOUNTAIN_LATITUDE = 45.745
OF_THE_MOUNTAINS = ("montagna", "alpeggio", "d'alpe", "malga", "di monte", "rododendro")
OF_THE_PLAIN = ("fich", "kiwi", "cachi", "pesche", "albicocche", "uva", "riso ", "asparagi", "pere ")

#: Words of sentences that only co-ops which include people may say.
OF_INCLUSION = ("inserimento lavorativo", "tirocinio", "servizi sociali", "con disabilità", "hanno imparato")

Row = dict[str, str]


def offers_of(
    maker: Maker, key: str, comune: Comune, trades: dict[str, list[Product]], notes: dict[str, list[str]]
) -> list[Row]:
    """The rows of one maker, every title once."""
    rows, titles = [], set()
    for rank, (trade, words) in enumerate(maker.trades):
        chosen = [
            product for product in trades[trade] if not words or any(word in product.words for word in words)
        ]
        small = bool(words) or "far" in maker.marks or len(chosen) <= SMALL_TRADE
        for product in chosen:
            dice = chance("offer", key, product.titles[0])
            if not small and dice.random() > SHARES[min(rank, 1)]:
                continue
            for position in _wordings(product, words, maker, comune, small, dice):
                title = _title(product.titles[position], product, maker, dice)
                if title not in titles:
                    titles.add(title)
                    rows.append(_row(maker, key, product, position, title, notes.get(trade, []), dice))
    _give_keys(rows)
    return rows


def _wordings(
    product: Product, words: tuple[str, ...], maker: Maker, comune: Comune, small: bool, dice
) -> list[int]:
    """The positions of the titles that this maker uses: one, sometimes two, all where the maker is far away."""
    titles = list(enumerate(product.titles))
    # words that chose the product by one of its titles choose that title
    named = [(at, title) for at, title in titles if any(word in title.casefold() for word in words)]
    allowed = [at for at, title in named or titles if _may_say(title, maker, comune)]
    if "far" in maker.marks:
        return allowed
    count = min(len(allowed), 1 + (dice.random() < (TWICE_IN_SMALL if small else TWICE)))
    if "bio_offer" in maker.marks:
        # the wording that its certificate is about comes first
        return sorted(allowed, key=lambda position: RESERVED not in product.titles[position])[:count]
    return dice.sample(allowed, count)


def _may_say(title: str, maker: Maker, comune: Comune) -> bool:
    """Whether a title is true of this maker: certificates, protected names, what grows where."""
    words = title.casefold()
    if RESERVED in words and not maker.marks & {"bio", "bio_offer"}:
        return False
    if PROTECTED & set(title.split()) and "tip" not in maker.marks:
        return False
    for name, places in ONLY_FROM.items():
        if name in words and comune.name not in places:
            return False
    if "far" in maker.marks:
        return True
    if comune.lat < MOUNTAIN_LATITUDE:
        return not any(word in words for word in OF_THE_MOUNTAINS)
    return not any(word in words for word in OF_THE_PLAIN)


def _title(title: str, product: Product, maker: Maker, dice) -> str:
    """With the word for organic where a certificate of the whole maker allows it and people would write it."""
    if "bio" not in maker.marks or not product.code.startswith("food.") or dice.random() > 0.6:
        return title
    name, comma, rest = title.partition(",")
    word = " bio" if dice.random() < 0.8 else " da agricoltura biologica"
    return f"{name}{word}{comma}{rest}"


def _row(maker, key, product: Product, position: int, title: str, notes: list[str], dice) -> Row:
    goods = product.code.startswith(GOODS)
    return {
        "organisation": key,
        "title": title,
        "description": _description(maker, product, position, notes, dice),
        "category": product.category,
        "unit": product.unit,
        "price": _price(product, position, title, dice),
        "vat": _vat(maker, product, dice),
        "box": product.box if goods and dice.random() < 0.8 else "",
        "available": _available(product, dice) if goods else "",
        "months": product.months,
        "lead_time_days": str(dice.choice((2, 3, 5, 7) if goods else (7, 10, 15, 30)))
        if dice.random() < 0.55
        else "",
        "status": dice.choices(("published", "draft", "withdrawn"), (96, 3, 1))[0],
    }


def _description(maker: Maker, product: Product, position: int, notes: list[str], dice) -> str:
    """One to three sentences; the first is about the product, the last about this maker."""
    possible = [text for text in product.sentences_for(position) if _may_add(text, maker)]
    sentences = dice.sample(possible, min(len(possible), 1 + (dice.random() < 0.35)))
    closing = [text for text in notes if _may_add(text, maker)]
    if closing and (dice.random() < 0.62 or not sentences):
        sentences.append(euphonic(dice.choice(closing).format(place=maker.comune)))
    return " ".join(sentences)


def _may_add(sentence: str, maker: Maker) -> bool:
    """Whether a sentence about who works and how is true of this maker."""
    words = sentence.casefold()
    if any(word in words for word in OF_INCLUSION):
        return bool(maker.marks & {"A", "B", "B_unv", "B_exp"})
    if "cam," in words:
        return "eco" in maker.marks
    return "cooperative sociali" not in words or maker.legal_form.startswith("social_coop")


def euphonic(text: str) -> str:
    """ "a Albino" as Italians say it."""
    return re.sub(r"\b([aA]) (?=A)", r"\1d ", text)


def _price(product: Product, position: int, title: str, dice) -> str:
    if product.prices is None or (product.prices[0] > 500 and dice.random() < 0.3):
        return ""
    low, high = product.prices
    price = low + (high - low) * _part(title, position, high / low, len(product.titles), dice)
    step = 0.1 if price < 20 else 0.5 if price < 60 else 5 if price < 500 else 50
    if price < 1:
        step = 0.01
    return f"{round(price / step) * step:.2f}".replace(".", ",")


def _part(title: str, position: int, ratio: float, wordings: int, dice) -> float:
    """Where in its span a price lies: large packs at the top, small ones and first wordings of a wide span below."""
    if "1 kg" in title and ratio > 1.8:
        return dice.uniform(0.75, 1)
    if ratio > 1.8 and any(size in title for size in ("150 g", "250 g", "500 g", "50 cl", "33 cl")):
        return dice.uniform(0, 0.3)
    if ratio > 4 and wordings > 1:
        return dice.uniform(0, 0.25) if position == 0 else dice.uniform(0.5, 1)
    return dice.random()


def _vat(maker: Maker, product: Product, dice) -> str:
    """The rate of the product, unless a small maker is in a scheme of its own (the same for all that it sells)."""
    scheme = chance("vat", maker.name).random()
    if maker.legal_form == "farm_individual" and "far" not in maker.marks and scheme < 0.1:
        return "farm_exempt"
    if maker.legal_form == "sole_trader" and scheme < 0.4:
        return "flat_rate"
    return product.vat


def _available(product: Product, dice) -> str:
    if dice.random() < 0.5:
        return ""
    most = {"kg": 2000, "l": 1500, "m3": 120}.get(product.unit, 400)
    return str(max(10, round(dice.uniform(0.03, 1) ** 2 * most, -1)).__int__())


def _give_keys(rows: list[Row]) -> None:
    """Short, readable, once per maker."""
    taken: set[str] = set()
    for row in rows:
        base = plain_name(row["title"]).replace(" ", "-")[:48].strip("-")
        key, number = base, 1
        while key in taken:
            number += 1
            key = f"{base}-{number}"
        taken.add(key)
        row["key"] = key

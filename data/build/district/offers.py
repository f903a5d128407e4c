"""offers.csv: every maker takes products of its trades, in its own wording, at its own price."""

from __future__ import annotations

from district.chance import chance
from district.sources import Maker, Product
from search.category_names import plain_name

#: How many of a trade's products a maker has: of its first trade, of its others, of one chosen by words.
SHARES = (0.86, 0.55, 1.0)
#: How often a product with several wordings stands twice in a catalogue (two sizes, two kinds).
TWICE = 0.38
GOODS = ("food.", "farm.", "crafts.", "home.", "reuse.shops.")
RESERVED = "biologic"

Row = dict[str, str]


def offers_of(
    maker: Maker, key: str, trades: dict[str, list[Product]], notes: dict[str, list[str]]
) -> list[Row]:
    """The rows of one maker, each product at most twice, every title once."""
    rows, titles = [], set()
    for rank, (trade, words) in enumerate(maker.trades):
        chosen = [
            product for product in trades[trade] if not words or any(word in product.words for word in words)
        ]
        share = SHARES[2] if words or "far" in maker.marks else SHARES[min(rank, 1)]
        for product in chosen:
            dice = chance("offer", key, product.titles[0])
            if dice.random() > share:
                continue
            wordings = _wordings(product, maker, dice)
            for position in wordings:
                title = _title(product.titles[position], product, maker, dice)
                if title in titles:
                    continue
                titles.add(title)
                rows.append(_row(maker, key, product, position, title, notes.get(trade, []), dice))
    _give_keys(rows)
    return rows


def _wordings(product: Product, maker: Maker, dice) -> list[int]:
    may_say_organic = maker.marks & {"bio", "bio_offer"}
    allowed = [
        position for position, title in enumerate(product.titles) if RESERVED not in title or may_say_organic
    ]
    if "bio_offer" in maker.marks:
        # the wording that its certificate is about comes first
        allowed.sort(key=lambda position: RESERVED not in product.titles[position])
        return allowed[: 1 + (dice.random() < TWICE)]
    return dice.sample(allowed, min(len(allowed), 1 + (dice.random() < TWICE)))


def _title(title: str, product: Product, maker: Maker, dice) -> str:
    """With the word for organic where a certificate of the whole maker allows it and people would write it."""
    if "bio" not in maker.marks or not product.category.startswith("food.") or dice.random() > 0.7:
        return title
    name, comma, rest = title.partition(",")
    word = " bio" if dice.random() < 0.65 else " da agricoltura biologica"
    return f"{name}{word}{comma}{rest}"


def _row(maker, key, product: Product, position: int, title: str, notes: list[str], dice) -> Row:
    goods = product.category.startswith(GOODS)
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
    sentences = [product.sentences[(position + dice.randrange(3)) % len(product.sentences)]]
    if len(product.sentences) > 1 and dice.random() < 0.3:
        other = dice.choice([one for one in product.sentences if one != sentences[0]])
        sentences.append(other)
    if notes and dice.random() < 0.62:
        sentences.append(dice.choice(notes).format(place=maker.comune))
    return " ".join(sentences)


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

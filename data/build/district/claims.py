"""claims.csv and the qualifications: what the marks of organisations.txt stand for.

Numbers, bodies and links are plainly of a demonstration: no real register or certifier is said to know anybody.
"""

from __future__ import annotations

from district.chance import chance
from district.sources import Maker

Row = dict[str, str]

#: Words in a title that name a protected product, which its maker can show.
PROTECTED = ("DOP", "DOC", "DOCG")
LINK = "https://example.org/registro-dimostrativo"
#: Organisations bound to the tax and labour rules of an enterprise, mostly small: ``sme``.
NO_ENTERPRISE = frozenset(
    {"aps", "association_unrecognised", "gas_association", "foundation", "friendly_society"}
)


def qualifications_of(maker: Maker, key: str) -> str:
    """``albo_b=...; runts=...``: codes with the numbers of the demonstration."""
    number = chance("register", key).randrange(100, 999)
    found = []
    if maker.marks & {"B", "B_unv", "B_exp"}:
        found += [f"albo_b=DIM-B-{number}", "art61"]
    if maker.marks & {"A", "B", "B_unv", "B_exp", "C", "ets"}:
        found.append(f"runts=DIM-{number}{number}")
    if maker.trades and maker.legal_form not in NO_ENTERPRISE:
        found.append("sme")
    return "; ".join(found)


def claims_of(maker: Maker, key: str, comune: str, offers: list[Row]) -> list[Row]:
    """All claims of a maker and of its offers."""
    writer = _Claims(maker, key, comune)
    for mark in sorted(maker.marks):
        for values in MARKS.get(mark, ()):
            writer.add(values)
    if "bio_offer" in maker.marks:
        for offer in offers:
            if "biologic" in offer["title"]:
                writer.add(ORGANIC, offer["key"])
    for offer in offers:
        if any(word in offer["title"].split() for word in PROTECTED):
            writer.add(PROTECTED_NAME, offer["key"])
    writer.add_habits(offers)
    return writer.rows


ORGANIC = {
    "criterion": "organic",
    "proof": "certified",
    "control_body": "IT-BIO-000",
    "operator_code": "DIM{n}",
    "certificate": "DIM-{year}-{n}",
    "expires": "{later}",
}
PROTECTED_NAME = {
    "criterion": "typicality",
    "proof": "certified",
    "scheme": "Denominazione protetta (dimostrazione)",
    "body": "Organismo dimostrativo",
    "certificate": "DIM-T-{n}",
    "expires": "{later}",
}
_THIRD_SECTOR = {
    "criterion": "third_sector",
    "proof": "register",
    "register": "Registro dimostrativo del Terzo settore",
    "section": "imprese sociali",
    "number": "DIM-{n}",
    "link": LINK,
}
_WORK_INCLUSION = {
    "criterion": "work_inclusion",
    "proof": "register",
    "register": "Albo dimostrativo delle cooperative sociali",
    "section": "B",
    "number": "DIM-B-{n}",
    "link": LINK,
}
_SIGNED = {"proof": "signed", "date": "{earlier}"}

#: What each mark claims. ``verified`` is a day in the past unless a row says else.
MARKS: dict[str, tuple[Row, ...]] = {
    "bio": (ORGANIC,),
    "bio_exp": (ORGANIC | {"expires": "2026-03-31"},),
    "bio_unv": (ORGANIC | {"verified": "no"},),
    "spg": (
        {
            "criterion": "agroecology",
            "proof": "peer",
            "spg": "SPG dimostrativo Orti in Rete",
            "date": "{earlier}",
            "expires": "{later}",
        },
        {"criterion": "agroecology", "proof": "visited", "visitor": "GAS Sette Sporte", "date": "{earlier}"},
    ),
    "vis": (
        {"criterion": "agroecology", "proof": "visited", "visitor": "GAS Zucca Storta", "date": "{earlier}"},
    ),
    "agro": (
        {
            "criterion": "agroecology",
            "proof": "declared",
            "statement": "Nessun pesticida di sintesi, rotazioni e siepi",
            "verified": "no",
        },
    ),
    "soc": (
        {
            "criterion": "social_farming",
            "proof": "register",
            "register": "Elenco dimostrativo delle fattorie sociali",
            "number": "DIM-{n}",
            "link": LINK,
        },
    ),
    "B": (_WORK_INCLUSION, _THIRD_SECTOR),
    "B_unv": (_WORK_INCLUSION | {"verified": "no"}, _THIRD_SECTOR),
    "B_exp": (_WORK_INCLUSION | {"expires": "2026-06-30"}, _THIRD_SECTOR),
    "C": (_WORK_INCLUSION | {"section": "C"}, _THIRD_SECTOR),
    "A": (
        _THIRD_SECTOR,
        _SIGNED
        | {
            "criterion": "mutuality",
            "statement": "Una testa un voto, bilancio discusso con soci e lavoratori",
        },
    ),
    "ets": (
        _SIGNED | {"criterion": "third_sector", "statement": "Ente senza scopo di lucro, attività aperte"},
    ),
    "mut": (
        {
            "criterion": "mutuality",
            "proof": "register",
            "register": "Albo dimostrativo delle cooperative",
            "section": "mutualità prevalente",
            "number": "DIM-{n}",
            "link": LINK,
        },
    ),
    "div": (
        {
            "criterion": "cultivated_biodiversity",
            "proof": "register",
            "register": "Anagrafe dimostrativa della biodiversità",
            "scheme": "Agricoltore custode",
            "number": "DIM-{n}",
            "link": LINK,
        },
    ),
    "tip": (
        {
            "criterion": "typicality",
            "proof": "register",
            "register": "Elenco dimostrativo dei prodotti tradizionali",
            "scheme": "Prodotto tradizionale",
            "number": "DIM-{n}",
            "link": LINK,
        },
    ),
    "ft": (
        {
            "criterion": "fair_trade",
            "proof": "register",
            "register": "Registro dimostrativo del commercio equo",
            "number": "DIM-{n}",
            "link": LINK,
        },
        {
            "criterion": "fair_trade",
            "proof": "certified",
            "scheme": "Marchio dimostrativo equo",
            "body": "Organismo dimostrativo",
            "certificate": "DIM-F-{n}",
            "expires": "{later}",
        },
    ),
    "dw": (
        {
            "criterion": "decent_work",
            "proof": "certified",
            "scheme": "Norma sulla responsabilità sociale",
            "body": "Organismo dimostrativo",
            "certificate": "DIM-L-{n}",
            "expires": "{later}",
        },
    ),
    "leg": (
        {
            "criterion": "legality",
            "proof": "register",
            "register": "Elenco dimostrativo white list",
            "number": "DIM-{n}",
            "link": LINK,
            "expires": "{later}",
        },
    ),
    "gen": (
        {
            "criterion": "gender_equality",
            "proof": "certified",
            "scheme": "UNI/PdR 125:2022",
            "body": "Organismo dimostrativo",
            "certificate": "DIM-G-{n}",
            "expires": "{later}",
        },
    ),
    "eco": (
        {
            "criterion": "ecological_quality",
            "proof": "certified",
            "scheme": "ISO 14001",
            "body": "Organismo dimostrativo",
            "certificate": "DIM-E-{n}",
            "expires": "{later}",
        },
        _SIGNED
        | {
            "criterion": "ecological_quality",
            "statement": "Prodotti e metodi conformi ai criteri ambientali minimi",
            "cam": "CAM della categoria",
        },
    ),
    "circ": (
        {
            "criterion": "circular_economy",
            "proof": "register",
            "register": "Albo dimostrativo gestori ambientali",
            "section": "categoria 1",
            "number": "DIM-{n}",
            "link": LINK,
        },
    ),
    "ren": (
        {
            "criterion": "renewable_energy",
            "proof": "register",
            "register": "Registro dimostrativo degli impianti",
            "agreement": "DIM-{n}",
            "link": LINK,
        },
    ),
    "fin": (
        _SIGNED
        | {
            "criterion": "ethical_finance",
            "statement": "Risparmio raccolto tra soci e prestato a progetti pubblicati",
            "authority": "Assemblea dei soci",
        },
    ),
    "com": (
        _SIGNED
        | {
            "criterion": "commons",
            "statement": "Cura di un sentiero aperto a tutti",
            "agreement": "DIM-{n}",
            "authority": "Comune dimostrativo",
        },
    ),
    "pris": (
        _SIGNED | {"criterion": "work_inclusion", "statement": "Lavoro di persone detenute", "share": "45"},
    ),
}


class _Claims:
    def __init__(self, maker: Maker, key: str, comune: str):
        self.rows: list[Row] = []
        self._maker, self._key, self._comune = maker, key, comune

    def add(self, values: Row, offer: str = "") -> None:
        """One claim; what it says twice is said once (a mark and a habit may meet)."""
        identity = (offer, values["criterion"], values["proof"])
        if any((row["offer"], row["criterion"], row["proof"]) == identity for row in self.rows):
            return
        dice = chance("claim", self._key, *identity)
        words = {
            "n": f"{dice.randrange(1000, 9999)}",
            "year": str(dice.choice((2024, 2025, 2026))),
            "earlier": f"{dice.choice((2024, 2025))}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
            "later": f"{dice.randrange(2031, 2036)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
            "comune": self._comune,
        }
        row = {"verified": f"2026-{dice.randrange(2, 10):02d}-{dice.randrange(1, 29):02d}"} | values
        row = {column: cell.format(**words) for column, cell in row.items()}
        self.rows.append({"organisation": self._key, "offer": offer} | row)

    def add_habits(self, offers: list[Row]) -> None:
        """Claims that many make in passing: of places, prices, regular work."""
        dice = chance("habits", self._key)
        farm = self._maker.legal_form.startswith("farm")
        here = {"production_places": "{comune}", "processing_places": "{comune}", "verified": "no"}
        if farm and dice.random() < 0.3:
            self.add({"criterion": "short_chain", "proof": "declared", "intermediaries": "0"} | here)
        if farm and "far" not in self._maker.marks and dice.random() < 0.12:
            self.add({"criterion": "zero_km", "proof": "declared"} | here)
        if farm and dice.random() < 0.2:
            sheet = "Quanto va a chi raccoglie, alle sementi, al trasporto"
            self.add(
                {
                    "criterion": "transparent_price",
                    "proof": "declared",
                    "price_sheet": sheet,
                    "verified": "no",
                }
            )
        if farm and dice.random() < 0.12:
            pact = "Patto dimostrativo con GAS Quinto Scaffale"
            self.add({"criterion": "transparent_price", "proof": "signed", "pact": pact, "date": "{earlier}"})
        if self._maker.trades and not farm and dice.random() < 0.3:
            regular = {
                "criterion": "decent_work",
                "statement": "Contratti regolari per tutti",
                "ccnl": "T151",
            }
            self.add(_SIGNED | regular)
        if farm and offers and not self._maker.marks & {"bio", "div"} and dice.random() < 0.25:
            statement = "Varietà locale riprodotta in azienda"
            self.add(
                _SIGNED | {"criterion": "cultivated_biodiversity", "statement": statement},
                dice.choice(offers)["key"],
            )

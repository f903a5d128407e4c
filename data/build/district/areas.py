"""areas.csv: where each maker delivers or works, in all four kinds."""

from __future__ import annotations

from district.chance import chance
from district.seats import Geography
from district.sources import Maker
from geo.comuni import Comune

#: Trades whose customers come to them; they still go a little way.
STAY_AT_HOME = frozenset(
    {
        "turismo",
        "agriturismo",
        "spazi",
        "riparazioni",
        "bici",
        "calzolaio",
        "disabilita",
        "emporio",
        "nido",
        "sport",
    }
)
#: Trades that work all over the province.
EVERYWHERE = frozenset(
    {
        *("energia", "finanza", "assicurazioni", "amministrazione", "informatica", "comunicazione", "stampa"),
        *("cultura", "teatro", "musica", "musei", "edilizia", "progettazione", "inclusione", "formazione"),
        *("logistica", "bottega", "falegnameria", "laboratori", "guide"),
    }
)
MINIMA = ("", "", "15", "20", "25", "30", "50", "100")
DAYS = ("", "2;5", "3", "4", "1-5", "mar;ven", "gio", "sab", "1;4")
FAR_PROVINCES = "BG; BS; MI; MB; LC; CR; LO"

Row = dict[str, str]


def areas_of(maker: Maker, key: str, comune: Comune, geography: Geography) -> list[Row]:
    """One area or two; none for those who offer nothing."""
    if not maker.trades:
        return []
    dice = chance("area", key)
    shapes = (
        _from_far(dice, geography) if "far" in maker.marks else _from_here(maker, comune, geography, dice)
    )
    return [
        {
            "organisation": key,
            "minimum": dice.choice(("200", "300", "500")) if "far" in maker.marks else dice.choice(MINIMA),
            "days": "" if "far" in maker.marks else dice.choice(DAYS),
            **shape,
        }
        for shape in shapes
    ]


def _from_far(dice, geography: Geography) -> list[Row]:
    """The north by choice of the groups: provinces, a list of stops, a circle around Bergamo, or a drawn area."""
    stops = (
        "Bergamo; Treviglio; Seriate; Dalmine; Albino; Clusone; Sarnico; Lovere; Romano di Lombardia; Zogno"
    )
    everywhere = [one for one in geography.register if one.sigla == "BG"]
    return dice.choice(
        (
            [{"kind": "province", "province": FAR_PROVINCES}],
            [{"kind": "province", "province": "BG; BS; MI"}, {"kind": "radius", "radius_km": "30"}],
            [{"kind": "comuni", "comuni": stops}],
            [{"kind": "radius", "radius_km": "45", "around": "Bergamo"}],
            [{"kind": "polygon", "polygon": geography.outline(everywhere)}],
        )
    )


def _from_here(maker: Maker, comune: Comune, geography: Geography, dice) -> list[Row]:
    if "prov" in maker.marks:
        return [{"kind": "province", "province": "BG"}]
    trade = maker.trades[0][0]
    if trade in EVERYWHERE:
        return dice.choice(
            (
                [{"kind": "province", "province": "BG"}],
                [{"kind": "province", "province": "BG"}],
                [{"kind": "province", "province": "BG; BS; LC"}],
                [{"kind": "radius", "radius_km": dice.choice(("40", "50", "60"))}],
            )
        )
    if trade in STAY_AT_HOME:
        return [{"kind": "radius", "radius_km": dice.choice(("10", "12", "15", "20"))}]
    kind = dice.choices(("radius", "comuni", "polygon", "province"), (52, 22, 12, 14))[0]
    if kind == "radius":
        return [{"kind": "radius", "radius_km": dice.choice(("12", "15", "18", "20", "25", "30", "40"))}]
    if kind == "province":
        return [{"kind": "province", "province": "BG"}]
    if kind == "polygon":
        return [
            {"kind": "polygon", "polygon": geography.outline(geography.near(comune, dice.choice((9, 13))))}
        ]
    names = [one.name for one in geography.near(comune, dice.choice((7, 10, 14)))][:24]
    rows = [{"kind": "comuni", "comuni": "; ".join(f"{name} (BG)" for name in names)}]
    if dice.random() < 0.3 and "Bergamo" not in names:
        rows.append({"kind": "radius", "radius_km": "6", "around": "Bergamo"})
    return rows

"""Make the demonstration district, `data/demo/*.csv`: `python data/build/demo.py [FOLDER]`.

From the hand-written sources beside this file (`district/*.txt`) and the comuni of `data/geo`; the same sources give
the same bytes. Names, people, numbers and claims are invented and nobody's; only the places are real. What is chosen
by chance (which products a maker has, at which price, where exactly it sits) is chosen by a generator seeded with
what it is about, so that a new line in a source changes nothing else.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]  # run by its path, without being installed

from district import sources  # noqa: E402
from district.areas import areas_of  # noqa: E402
from district.chance import chance  # noqa: E402
from district.claims import claims_of, qualifications_of  # noqa: E402
from district.offers import euphonic, offers_of  # noqa: E402
from district.seats import Geography  # noqa: E402

from marketplace.district.dataset import layout  # noqa: E402
from search.category_names import plain_name  # noqa: E402
from search.taxonomy import CategoryTree  # noqa: E402

TARGET = ROOT / "data" / "demo"

PEOPLE = (
    ("segreteria@example.org", "Segreteria di prova", "", "", "secretariat"),
    ("amministrazione@example.org", "Amministrazione di prova", "", "", "administrator"),
    ("cascina@example.org", "Produttrice di prova", "Cascina Tre Gelsi", "owner", ""),
    ("caprile@example.org", "Casaro di prova", "Caprile Salto del Becco", "owner", ""),
    ("verde@example.org", "Caposquadra di prova", "Coop. soc. Filo d'Erba", "owner", ""),
    ("cucina@example.org", "Cuoca di prova", "Coop. soc. Pentola Grande", "owner", ""),
    ("mensa@example.org", "Gestore mensa di prova", "Gestione mense Piatto Pieno", "owner", ""),
    ("gas@example.org", "Referente GAS di prova", "GAS Sette Sporte", "owner", ""),
    ("famiglia@example.org", "Famiglia di prova", "GAS Sette Sporte", "member", ""),
    ("comune@example.org", "Ufficio acquisti di prova", "Comune dimostrativo della Media Valle Seriana", "owner", ""),
    ("scuola@example.org", "Segreteria scolastica di prova", "Istituto comprensivo dimostrativo Le Betulle", "owner", ""),
    ("ambito@example.org", "Ufficio di piano di prova", "Ambito territoriale dimostrativo della Valle Seriana", "owner", ""),
    ("abitante@example.org", "Abitante di prova", "", "", ""),
    ("abitante.valle@example.org", "Abitante di valle di prova", "", "", ""),
    ("abitante.lago@example.org", "Abitante del lago di prova", "", "", ""),
)  # fmt: skip

#: How makers of each sort end their description, by the beginning of their legal form.
ABOUT = {
    "farm": (
        "Chi vuole può venire a vedere come lavoriamo, basta scriverci qualche giorno prima.",
        "Vendiamo in azienda, ai mercati e ai gruppi di acquisto.",
        "Le quantità sono piccole: conviene prenotare.",
        "In casa lavorano due generazioni, d'estate con qualche aiuto.",
    ),
    "social_coop": (
        "Ogni anno pubblichiamo il bilancio sociale e lo discutiamo in assemblea.",
        "Lavoriamo con comuni, scuole, aziende e famiglie.",
        "Le squadre sono stabili: chi comincia un servizio lo porta avanti.",
        "I soci sono soprattutto persone che ci lavorano.",
    ),
    "": (
        "Lavoriamo con famiglie, gruppi ed enti della provincia.",
        "Si può passare a conoscerci su appuntamento.",
        "Rispondiamo di solito entro due giorni.",
        "Collaboriamo volentieri con altre realtà vicine.",
    ),
}
INVENTED_BODY = "Ente inventato per la dimostrazione, con sede a {place}"
INVENTED = "Organizzazione inventata per la dimostrazione."


def main(target: Path = TARGET) -> None:
    """Write the files into the folder."""
    geography = Geography(ROOT / "data" / "geo")
    products, notes = sources.products(CategoryTree.load(ROOT / "data" / "categories.csv")), sources.notes()
    tables: dict[str, list[dict[str, str]]] = {one.file: [] for one in layout.LAYOUTS}
    keys: dict[str, str] = {}
    comuni: dict[str, str] = {}
    for maker in sources.makers():
        key = keys[maker.name] = key_of(maker.name)
        comune = geography.comune(maker.comune)
        comuni[maker.name] = comune.label
        lat, lon = geography.seat(comune, key)
        offers = offers_of(maker, key, comune, products, notes)
        tables["organisations.csv"].append(
            {
                "key": key,
                "name": maker.name,
                "kinds": "; ".join(maker.kinds),
                "legal_form": maker.legal_form,
                "summary": maker.summary or euphonic(INVENTED_BODY.format(place=maker.comune)),
                "description": describe(maker, key),
                "place": comune.istat if chance("place", key).random() < 0.2 else comune.label,
                "lat": f"{lat:.5f}",
                "lon": f"{lon:.5f}",
                "email": f"{key}@example.org",
                "website": f"https://example.org/{key}" if maker.trades else "",
                "qualifications": qualifications_of(maker, key),
                "status": "active",
            }
        )
        tables["areas.csv"] += areas_of(maker, key, comune, geography)
        tables["offers.csv"] += offers
        tables["claims.csv"] += claims_of(maker, key, comune.label, offers)
    tables["people.csv"] = [
        {"email": email, "name": name, "organisation": keys.get(of, ""), "role": role, "duty": duty}
        for email, name, of, role, duty in PEOPLE
    ]
    for need in sources.needs():
        add_demand(need, tables, keys, comuni)
    target.mkdir(exist_ok=True)
    for one in layout.LAYOUTS:
        write(target / one.file, one, tables[one.file])
        print(f"{one.file:<20}{len(tables[one.file]):>6}")


def key_of(name: str) -> str:
    return plain_name(name).replace(" ", "-")[:80].strip("-")


def describe(maker: sources.Maker, key: str) -> str:
    """What the page of an organisation says under its name."""
    if not maker.summary:
        return euphonic(INVENTED_BODY.format(place=maker.comune)) + "."
    dice = chance("description", key)
    year, people = dice.randrange(1982, 2017), dice.randrange(2, 9)
    if maker.legal_form.startswith("social_coop"):
        people = dice.randrange(12, 90)
    since = dice.choice(
        (
            f"Lavoriamo a {maker.comune} dal {year}, oggi siamo in {people}.",
            f"Nati nel {year} a {maker.comune}; ci lavorano {people} persone.",
            f"A {maker.comune} dal {year}, con {people} persone.",
        )
    )
    if "buying_group" in maker.kinds:
        since = f"Ci troviamo a {maker.comune} dal {year}. Chi vuole entrare viene prima a una consegna."
    elif not maker.trades:
        since = f"Attivi dal {year}, con sede a {maker.comune}."
    sentences = [euphonic(since), INVENTED]
    if maker.trades:
        about = next(texts for form, texts in ABOUT.items() if maker.legal_form.startswith(form))
        sentences[1:1] = dice.sample(about, dice.choice((1, 1, 2)))
    return " ".join(sentences)


def add_demand(need: sources.Need, tables: dict, keys: dict[str, str], comuni: dict[str, str]) -> None:
    cells = dict(need.cells)
    buyer = cells.pop("organisation", "")
    row = {"key": need.key, "type": need.type, "organisation": keys[buyer] if buyer else ""}
    row["place"] = cells.pop("place", "") or comuni[buyer]
    tables["demands.csv"].append(row | cells)
    for position, lot in enumerate(need.lots, start=1):
        what, text, quantity, unit, budget, splittable = (*lot, "", "", "", "", "")[:6]
        what = {"cpv": what} if what.isdigit() else {"category": what}
        if not budget and not quantity:
            unit = ""
        tables["lots.csv"].append(
            {
                "demand": need.key,
                "position": str(position),
                "text": text,
                "quantity": quantity,
                "unit": unit,
                "budget": budget.replace(".", ","),
                "splittable": splittable,
                **what,
            }
        )


def write(path: Path, one: layout.Layout, rows: list[dict[str, str]]) -> None:
    """A file with the columns that any row uses, in the order of the layout."""
    used = {column for row in rows for column, cell in row.items() if cell}
    columns = [column for column in (*one.needed, *one.optional) if column in used or column in one.needed]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({column: row.get(column, "") for column in columns} for row in rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))

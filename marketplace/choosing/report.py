"""The relazione istruttoria as blocks: what was asked, who was looked at and how, what is proved, what is left to fill in.

Pure, and in Italian as the file that it goes into. Whatever the software does not know stays a marked blank; rules are
shown with their source and the day on which they were last checked, and never said to be met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from marketplace import formats
from marketplace.choosing.change_words import score_points
from marketplace.choosing.comparing import Comparison
from marketplace.choosing.report_blocks import Report, Writer, blank
from marketplace.choosing.report_fields import REPORT_FIELDS
from marketplace.money import CENTS_PER_EURO
from marketplace.reference.law import LawRow
from marketplace.rome_time import ROME


@dataclass(frozen=True, slots=True)
class ListedSupplier:
    """One line of the frozen list: above the line with a score, below it with what is missing."""

    rank: int | None
    name: str
    score: float | None
    distance_km: float
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    at: datetime
    sha256: str
    considered: int
    in_category: int
    suitable: tuple[ListedSupplier, ...]
    near_misses: tuple[ListedSupplier, ...]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of a supplier's card: DURC, CCNL, white list, MePA, Sintel."""

    label: str
    value: str
    issued: date | None
    expires: date | None
    link: str


@dataclass(frozen=True, slots=True)
class SupplierFile:
    """What is on file of a supplier that answered: proofs as sentences with links, card lines by kind."""

    name: str
    proofs: tuple[str, ...]
    card: Mapping[str, tuple[CheckLine, ...]]


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    kind: str
    act: str
    cig: str
    awards: tuple[tuple[str, str, int | None], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything that the report says. ``asked`` are pairs of label and text; ``value`` in cents without VAT."""

    title: str
    buyer: str
    type_label: str
    day: date
    description: str
    asked: tuple[tuple[str, str], ...]
    lots: tuple[tuple[str, str, str, str], ...]
    criteria: tuple[str, ...]
    weights: str
    reserve: tuple[str, ...]
    proximity_reason: str
    value: int | None
    frozen: FrozenFacts | None
    comparison: Comparison | None
    sealed: int
    files: tuple[SupplierFile, ...]
    outcome: OutcomeFacts | None
    notes: Mapping[str, str]
    law: Mapping[str, LawRow]


#: What a clerk looks for before an award, and how it is called where it is missing.
CHECKS = {
    "durc": "DURC",
    "ccnl": "CCNL applicato",
    "white_list": "iscrizione alla white list (se dovuta)",
    "mepa": "abilitazione MePA",
    "sintel": "iscrizione Sintel",
}


def build(facts: ReportInput) -> Report:
    """The report. To be called while Italian is spoken (:func:`marketplace.i18n.speaking`)."""
    writer = Writer()
    _head(writer, facts)
    _asked(writer, facts)
    _criteria(writer, facts)
    _looked_at(writer, facts)
    _not_looked_at(writer, facts)
    _rotation(writer, facts)
    _quotes(writer, facts)
    _proofs(writer, facts)
    _checks(writer, facts)
    _rules(writer, facts)
    _outcome(writer, facts)
    _sources(writer, facts)
    return writer.report(f"Relazione istruttoria: {facts.title}")


def _note(facts: ReportInput, name: str) -> str:
    return facts.notes.get(name) or blank(REPORT_FIELDS[name].blank)


def _head(writer: Writer, facts: ReportInput) -> None:
    writer.heading("Relazione istruttoria", 1)
    writer.paragraph(f"Oggetto: {facts.title}")
    writer.paragraph(f"Ente: {facts.buyer}")
    writer.paragraph(f"Tipo di richiesta: {facts.type_label}")
    writer.paragraph(f"Data: {formats.day(facts.day)}")
    writer.paragraph(f"Riferimento: {_note(facts, 'reference')}")
    writer.paragraph(f"Responsabile: {_note(facts, 'rup')}")
    writer.paragraph(
        "Bozza preparata dai dati del sito. Le parti tra parentesi quadre sono da compilare; norme e soglie sono"
        " indicate con la fonte e la data dell'ultima verifica, e restano da controllare."
    )


def _asked(writer: Writer, facts: ReportInput) -> None:
    writer.heading("1. Che cosa serve")
    writer.paragraph(_note(facts, "need"))
    if facts.description:
        writer.paragraph(facts.description)
    writer.table(("Lotto", "CPV", "Quantità", "Prezzo massimo per unità, senza IVA"), facts.lots)
    writer.items([f"{label}: {text}" for label, text in facts.asked])
    value = formats.money(facts.value) if facts.value is not None else blank("valore stimato, IVA esclusa")
    writer.paragraph(f"Valore stimato, IVA esclusa: {value}")


def _criteria(writer: Writer, facts: ReportInput) -> None:
    writer.heading("2. Requisiti e criteri")
    writer.items(facts.criteria or ("Nessun requisito e nessuna preferenza sui criteri di valore.",))
    writer.paragraph(f"Quanto conta ciascuna cosa, come fissato prima della pubblicazione: {facts.weights}.")
    if facts.proximity_reason:
        writer.paragraph(f"La vicinanza conta perché: {facts.proximity_reason}")
    if facts.reserve:
        writer.paragraph("Riserva: possono rispondere solo operatori con almeno una di queste qualifiche.")
        writer.items(facts.reserve)
    else:
        writer.paragraph("Riserva: nessuna.")


def _looked_at(writer: Writer, facts: ReportInput) -> None:
    writer.heading("3. Chi è stato considerato, e come")
    frozen = facts.frozen
    if frozen is None:
        writer.paragraph(blank("elenco istruttorio: congelarlo nella pagina «Elenchi istruttori»"))
        return
    writer.paragraph(
        f"Elenco istruttorio congelato il {formats.moment(frozen.at)} (ora italiana); impronta SHA-256 del file"
        f" con tutti i dati usati: {frozen.sha256}."
    )
    writer.paragraph(
        f"Fornitori del distretto con qualcosa di pubblicato: {frozen.considered}. Con qualcosa nelle categorie"
        f" richieste: {frozen.in_category}. Con tutti i requisiti: {len(frozen.suitable)}. L'ordine viene da un solo"
        " calcolo, uguale per tutti, sui criteri e sui pesi indicati sopra; i contributi di ciascuno sono"
        " nell'elenco."
    )
    writer.table(
        ("N.", "Fornitore", "Punti su 100", "Distanza"),
        [
            (str(one.rank), one.name, score_points(one.score), formats.km(one.distance_km))
            for one in frozen.suitable
        ],
    )
    if not frozen.suitable:
        writer.paragraph("Nessun fornitore aveva tutti i requisiti.")
    if frozen.near_misses:
        writer.paragraph("A questi mancava un solo requisito:")
        writer.items([f"{one.name}: {' '.join(one.told)}" for one in frozen.near_misses])


def _not_looked_at(writer: Writer, facts: ReportInput) -> None:
    writer.heading("4. Chi non è stato considerato, e chi altro sì")
    rest = ""
    if facts.frozen is not None:
        others = facts.frozen.considered - facts.frozen.in_category
        rest = f" e {others} iscritti che non pubblicano nulla nelle categorie richieste"
    writer.paragraph(f"L'elenco non guarda chi non è iscritto al distretto{rest}.")
    writer.paragraph(f"Operatori noti e non considerati: {_note(facts, 'not_looked_at')}")
    writer.paragraph(f"Operatori esterni aggiunti dal RUP: {_note(facts, 'outside_operators')}")


def _rotation(writer: Writer, facts: ReportInput) -> None:
    writer.heading("5. Affidatario uscente e rotazione")
    writer.paragraph(f"Affidatario uscente: {_note(facts, 'previous_contractor')}")
    row = facts.law.get("rotation_exemption")
    if row is not None:
        writer.paragraph(f"{row.label_it}: {_law_value(row)} ({_source(row)}).")
        if facts.value is not None and row.value is not None:
            compared = "inferiore" if Decimal(facts.value) / CENTS_PER_EURO < row.value else "non inferiore"
            writer.paragraph(
                f"Il valore stimato ({formats.money(facts.value)}) è {compared} a questo importo."
            )
    writer.paragraph(f"Rotazione (art. 49 D.Lgs. 36/2023): {_note(facts, 'rotation')}")


def _quotes(writer: Writer, facts: ReportInput) -> None:
    writer.heading("6. Preventivi ricevuti")
    if facts.comparison is None:
        writer.paragraph(f"Le risposte sono sigillate fino alla scadenza. Arrivate finora: {facts.sealed}.")
        return
    if not facts.comparison.columns:
        writer.paragraph("Nessun preventivo è arrivato.")
    writer.table(
        ("Fornitore", "Totale senza IVA", "Spesa da impegnare, con IVA", "Copertura"),
        [
            (
                column.proposal.name,
                _amount(column.net, "totale"),
                _amount(column.gross, "totale con IVA"),
                _coverage(column),
            )
            for column in facts.comparison.columns
        ],
    )
    for lot, row in zip(
        facts.comparison.lots,
        zip(*(column.cells for column in facts.comparison.columns), strict=True),
        strict=False,
    ):
        writer.paragraph(f"{lot.name}:")
        writer.items(
            [
                f"{column.proposal.name}: {_cell(cell)}"
                for column, cell in zip(facts.comparison.columns, row, strict=True)
            ]
        )
    writer.paragraph(f"Congruità del prezzo: {_note(facts, 'price')}")


def _coverage(column) -> str:
    if column.covered < len(column.cells):
        return f"{column.covered} {'lotto' if column.covered == 1 else 'lotti'} su {len(column.cells)}"
    return "tutto" if column.is_whole else "in parte: meno di quanto chiesto"


def _cell(cell) -> str:
    if not cell.lines:
        return "non risponde"
    prices = ", ".join(
        formats.unit_price(line.price_net) if line.price_net is not None else "prezzo senza IVA non noto"
        for line in cell.lines
    )
    covered = {"whole": "tutto", "part": "in parte"}[cell.covers]
    offered = f" ({formats.quantity(cell.offered, cell.lot.unit)})" if cell.offered is not None else ""
    return f"{prices} per unità senza IVA; copre {covered}{offered}"


def _amount(cents: int | None, what: str) -> str:
    return formats.money(cents) if cents is not None else blank(what)


def _proofs(writer: Writer, facts: ReportInput) -> None:
    writer.heading("7. Come sono verificati i criteri")
    if not facts.files:
        writer.paragraph(blank("prove dei fornitori considerati, dopo l'apertura delle risposte"))
    for file in facts.files:
        writer.paragraph(f"{file.name}:")
        writer.items(file.proofs or ("nessuna caratteristica dichiarata tra quelle richieste",))


def _checks(writer: Writer, facts: ReportInput) -> None:
    writer.heading("8. Verifiche sul fornitore")
    row = facts.law.get("white_list")
    if row is not None:
        writer.paragraph(f"{row.label_it} ({_source(row)}).")
    if not facts.files:
        writer.paragraph(blank("DURC, CCNL, white list, MePA o Sintel del fornitore"))
    for file in facts.files:
        writer.paragraph(f"{file.name}, dalla sua scheda per gli enti pubblici:")
        writer.items(
            [
                told
                for kind, name in CHECKS.items()
                for told in (
                    [_card_line(line, facts.day) for line in file.card.get(kind, ())]
                    or [f"{name}: {blank(name)}"]
                )
            ]
        )


def _card_line(line: CheckLine, today: date) -> str:
    parts = [f"{line.label}: {line.value}"]
    if line.issued:
        parts.append(f"del {formats.day(line.issued)}")
    if line.expires:
        state = "SCADUTO il" if line.expires < today else "valido fino al"
        parts.append(f"{state} {formats.day(line.expires)}")
    if line.link:
        parts.append(line.link)
    return ", ".join(parts)


def _rules(writer: Writer, facts: ReportInput) -> None:
    writer.heading("9. Criteri ambientali e conflitto d'interesse")
    row = facts.law.get("minimum_environmental_criteria")
    if row is not None:
        writer.paragraph(f"{row.label_it} ({_source(row)}).")
    writer.paragraph(f"CAM della categoria (art. 57 D.Lgs. 36/2023): {_note(facts, 'cam')}")
    writer.paragraph(f"Conflitto d'interesse (art. 16 D.Lgs. 36/2023): {_note(facts, 'conflict')}")


def _outcome(writer: Writer, facts: ReportInput) -> None:
    writer.heading("10. Conclusione ed esito")
    writer.paragraph(_note(facts, "conclusion"))
    writer.paragraph(f"Piattaforma certificata e CIG: {_note(facts, 'platform')}")
    outcome = facts.outcome
    if outcome is None:
        writer.paragraph(
            f"Esito: {blank('affidato con determina n., data, CIG; oppure senza esito e perché')}"
        )
    elif outcome.kind == "none":
        writer.paragraph(f"Esito: nessun affidamento. {outcome.reason}")
    else:
        cig = f", CIG {outcome.cig}" if outcome.cig else f", CIG {blank('CIG')}"
        writer.paragraph(f"Esito: affidato con {outcome.act or blank('determina n. e data')}{cig}.")
        writer.table(
            ("Fornitore", "Per che cosa", "Importo senza IVA"),
            [(name, what, _amount(amount, "importo")) for name, what, amount in outcome.awards],
        )
        if outcome.reason:
            writer.paragraph(outcome.reason)


def _sources(writer: Writer, facts: ReportInput) -> None:
    writer.heading("11. Norme e soglie richiamate")
    writer.table(
        ("Regola", "Valore", "Fonte", "Verificata il"),
        [
            (
                row.label_it,
                _law_value(row),
                row.source,
                formats.day(row.verified, "short") if row.verified else "da verificare",
            )
            for row in facts.law.values()
        ],
    )
    writer.paragraph("Non è un parere legale.")


def _law_value(row: LawRow) -> str:
    if row.value is None:
        return "–"
    return {
        "EUR": lambda: formats.money(int(row.value * CENTS_PER_EURO)),
        "percent": lambda: f"{row.value:f} %",
    }.get(row.unit, lambda: f"{row.value:f} {row.unit}")()


def _source(row: LawRow) -> str:
    checked = f"verificata il {formats.day(row.verified, 'short')}" if row.verified else "da verificare"
    return f"{row.source}; {checked}"


def rome_day_of(moment: datetime) -> date:
    return moment.astimezone(ROME).date()


def law_of(rows: Sequence[LawRow], keys: Sequence[str]) -> dict[str, LawRow]:
    """The rows in force under these keys, in the order of the keys."""
    by_key = {row.key: row for row in rows}
    return {key: by_key[key] for key in keys if key in by_key}

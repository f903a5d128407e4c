"""Statements of the bank: read, loaded once, proposed, booked and taken back."""

from datetime import date

import pytest
import sqlalchemy as sa

from marketplace.errors import NotFound
from marketplace.ledger import queries, statement_operations, transfers
from marketplace.ledger.bank_lines import BankLine, fingerprints
from marketplace.ledger.bank_tables import read_amount, read_day
from marketplace.ledger.models import Entry, StatementLine
from marketplace.ledger.operations import correct
from marketplace.ledger.proposals import Candidate, propose
from marketplace.ledger.statement_operations import read_statement
from marketplace.ledger.statement_queries import done_lines, open_lines
from marketplace.price_lists.sheets.sheet import Unreadable
from tests.marketplace.ledger.conftest import LATER
from tests.support.people import browser_of

CSV = """Conto;IT60X0542811101000000123456
Data contabile;Data valuta;Importo;Ordinante;Causale
20/11/2026;21/11/2026;10,00;ROSSI ANNA;BONIFICO ordine arance
20/11/2026;21/11/2026;1.234,50;AZIENDA SPA;saldo
20/11/2026;21/11/2026;-3,20;;Commissioni
20/11/2026;21/11/2026;10,00;ROSSI ANNA;BONIFICO ordine arance
boh;21/11/2026;5,00;X;Y
;;;;Saldo finale
""".encode("cp1252")

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>
 <NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Bianchi Ugo</Nm></Pty></Dbtr></RltdPties>
 <RmtInf><Ustrd>{reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">30</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><DtTm>2026-11-21T10:00:00</DtTm></BookgDt>
 <NtryDtls><TxDtls><Amt Ccy="EUR">10.00</Amt><RltdPties><Cdtr><Nm>Uno</Nm></Cdtr></RltdPties></TxDtls>
 <TxDtls><Amt Ccy="EUR">20.00</Amt><RltdPties><Cdtr><Nm>Due</Nm></Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="USD">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_a_table_of_the_bank_is_read_with_what_could_not_be_read():
    found = read_statement(CSV)
    assert [(line.day, line.amount, line.counterparty) for line in found.lines] == [
        (date(2026, 11, 20), 1000, "ROSSI ANNA"),
        (date(2026, 11, 20), 123450, "AZIENDA SPA"),
        (date(2026, 11, 20), -320, ""),
        (date(2026, 11, 20), 1000, "ROSSI ANNA"),
    ]
    assert found.unread == (7,)
    apart = 'Data,Dare,Avere,Descrizione\n2026-11-02,"7,50",,Spesa\n2026-11-03,,"8,00",Incasso\n'
    assert [line.amount for line in read_statement(apart.encode()).lines] == [-750, 800]


def test_a_camt_statement_is_read_whatever_its_version():
    found = read_statement(CAMT.format(reference="RF53FAM12").encode())
    assert [(line.amount, line.counterparty, line.text) for line in found.lines] == [
        (1250, "Bianchi Ugo", "RF53FAM12"),
        (-1000, "Uno", ""),
        (-2000, "Due", ""),
    ]
    assert found.unread == (3,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2",
        b"nome;prezzo\npane;3,00\n",
        b"<html><body>no</body></html>",
        b"<Document>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Document/>',
        b"PK\3\4 not a workbook",
    ],
)
def test_what_is_no_statement_is_refused(content):
    """Ordeals 19 to 23."""
    with pytest.raises(Unreadable):
        read_statement(content)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50", 123450), ("-12,5 €", -1250), ("+3", 300), ("7,00-", -700), ("EUR 9.90", 990),
        ("NaN", None), ("1e5", None), ("１２", None), ("--3", None), ("9" * 14, None), ("", None),
    ],
)  # fmt: skip
def test_amounts_of_banks_are_plain_decimals_with_a_sign(text, cents):
    assert read_amount(text) == cents


def test_days_of_banks():
    assert read_day("3/1/26") == read_day("2026-01-03 10:00") == read_day("03.01.2026") == date(2026, 1, 3)
    assert read_day("31/02/2026") is read_day("ieri") is None


def test_two_equal_payments_are_two_and_a_file_loaded_again_adds_none():
    line = BankLine(1, date(2026, 11, 20), 1000, "Rossi", "x")
    assert len(set(fingerprints([line, line]))) == 2
    assert fingerprints([line, line])[0] == fingerprints([line])[0]


def test_a_reference_is_known_again_unless_a_character_is_wrong():
    reference = transfers.reference(12)
    assert transfers.household_in(f"bonifico {reference.lower()} rossi") == 12
    assert transfers.household_in(reference.replace("12", "21")) is None


def test_whose_a_payment_is():
    homes = [Candidate(1, "Famiglia Rossi", 1000), Candidate(2, "Bianchi", 1000), Candidate(3, "Verdi", 0)]
    both = propose(1000, "Rossi Anna", "", homes)
    assert (both.household, both.sure) == (1, True)
    name = propose(500, "ROSSÌ", "", homes)
    assert (name.household, name.reasons, name.sure) == (1, ("name",), False)
    said = propose(7, "Rossi", transfers.reference(3), homes)
    assert (said.household, said.sure) == (3, True)
    assert propose(1000, "Nessuno", "", homes) is None
    assert propose(-1000, "Rossi", "", homes) is None
    assert propose(1000, "Rossini", transfers.reference(99), homes) is None


def load(session, group, content):
    found = read_statement(content)
    return statement_operations.load_statement(session, group.treasurer, group.id, found, now=LATER)


def test_lines_are_booked_once_and_taken_back(session, group, make_group):
    assert (load(session, group, CSV).new, load(session, group, CSV).new) == (4, 0)
    camt = CAMT.format(reference=transfers.reference(group.homes[1].id)).encode()
    load(session, group, camt)
    assert statement_operations.book_sure_lines(session, group.treasurer, group.id, now=LATER) == 1
    assert queries.household_balance(session, group.homes[1].id) == 1250
    line = session.scalar(sa.select(StatementLine).where(StatementLine.amount == 123450))
    booked = [
        statement_operations.book_line(
            session, group.treasurer, group.id, line.id, household_id=group.homes[0].id, now=LATER
        ).id
        for _ in range(2)
    ]
    assert booked[0] == booked[1]
    assert queries.household_balance(session, group.homes[0].id) == 123450
    statement_operations.unbook_line(session, group.treasurer, group.id, line.id, now=LATER)
    assert queries.household_balance(session, group.homes[0].id) == 0
    cost = session.scalar(sa.select(StatementLine).where(StatementLine.amount == -320))
    made = statement_operations.book_line(session, group.treasurer, group.id, cost.id, now=LATER)
    correct(session, group.treasurer, made.id, now=LATER)
    assert cost.id in {row.line.id for row in open_lines(session, group.id)}
    other = make_group()
    with pytest.raises(NotFound):
        statement_operations.book_line(session, other.treasurer, other.id, line.id, now=LATER)
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 5


def test_the_page_of_the_bank(app, session, group, tmp_path):
    browser, page = browser_of(app, group.treasurer), f"/organisations/{group.slug}/cassa/bank"
    assert (
        browser.post(page, data={"file": (open_file(tmp_path, b"<!DOCTYPE x>"), "x.xml")}).status_code == 400
    )
    assert browser.post(page, data={"file": (open_file(tmp_path, CSV), "conto.csv")}).status_code == 302
    assert "ROSSI ANNA" in browser.get(page).text
    line = open_lines(session, group.id)[0].line
    assert browser.post(f"{page}/{line.id}/book", data={"whose": ""}).status_code == 302
    assert len(open_lines(session, group.id)) == 4
    browser.post(f"{page}/{line.id}/book", data={"whose": f"household-{group.homes[0].id}"})
    browser.post(f"{page}/{open_lines(session, group.id)[0].line.id}/aside")
    assert (len(open_lines(session, group.id)), len(done_lines(session, group.id))) == (2, 2)
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}/sure").status_code == 302


def open_file(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return path.open("rb")

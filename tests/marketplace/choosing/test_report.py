"""The relazione istruttoria: one structure, three files; what is not known stays a marked blank."""

import re
from datetime import date
from io import BytesIO

import docx as word
import odfdo
import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.choosing import list_operations, report_operations
from marketplace.choosing.models import Award, Outcome
from marketplace.choosing.report_blocks import Writer, blank
from marketplace.choosing.writers import docx, odt, text
from marketplace.demands.models import DemandType
from marketplace.errors import Conflict, NotFound
from marketplace.organisations.models import Kind
from tests.answer_factories import make_proposal
from tests.factories import make_demand, make_organisation, make_public_record
from tests.marketplace.choosing.market import LATER, carrots, make_grower, make_quotes, make_town
from tests.support.people import people_of


@pytest.fixture
def town(session):
    return make_town(session, name="Comune di Prova")


@pytest.fixture
def people(app, session, town):
    return people_of(app, session, town)


def sample():
    writer = Writer()
    writer.heading("Relazione", 1)
    writer.paragraph("Prima riga <b>\nseconda\x00 riga")
    writer.paragraph(f"Responsabile: {blank('nome')}")
    writer.items(["uno & due", "però"])
    writer.table(("Fornitore", "Totale"), [("Orto", "12,00 €")])
    return writer.report("Prova")


def words_of_odt(content):
    document = odfdo.Document(BytesIO(content))
    return document.get_formatted_text()


def words_of_docx(content):
    document = word.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    "read",
    [
        lambda report: words_of_odt(odt.write(report)),
        lambda report: words_of_docx(docx.write(report)),
        text.write,
    ],
    ids=["odt", "docx", "text"],
)
def test_each_file_holds_every_word(read):
    told = read(sample())
    for piece in (
        "Prima riga <b>",
        "seconda riga",
        "[da compilare: nome]",
        "uno & due",
        "però",
        "Fornitore",
        "Orto",
        "12,00 €",
    ):
        assert piece in told


#: What people paste, and what programs make of it: controls, half of a pair, marks of direction, tags, formulas.
HOSTILE = (
    "a\x00b\x0bc\x1bd\ufffee",
    "<script>alert(1)</script> & <text:p>&lt;",
    "\u202eolleb\u202c \u200fdestra\u200e",
    '=HYPERLINK("http://x.example")',
    "]]> <!-- -->",
    "é\u0301 \U0001f955 名前",
    "parola " * 7_500,
)


@pytest.mark.parametrize(
    ("write", "read"), [(odt.write, words_of_odt), (docx.write, words_of_docx)], ids=["odt", "docx"]
)
def test_hostile_text_is_read_back_as_text_and_nothing_else(write, read):
    writer = Writer()
    for said in HOSTILE:
        writer.heading(said[:200])
        writer.paragraph(said)
        writer.items([said, "fine"])
        writer.table((said[:50], "Totale"), [(said, "1")])
    content = write(writer.report(HOSTILE[2]))
    told = read(content)
    for piece in ("<script>alert(1)</script> &", "&lt;", "olleb", "destra", '=HYPERLINK("http://x.example")'):
        assert piece in told
    for piece in ("]]> <!-- -->", "\U0001f955 名前", ("parola " * 7_500).strip()):
        assert piece in told
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", told)
    # office programs read the parts as XML, and no longer than they are
    assert len(content) < 200_000


def test_files_name_nobody_as_their_author():
    properties = word.Document(BytesIO(docx.write(sample()))).core_properties
    assert (properties.author, properties.title) == ("", "Prova")


def written(people, demand):
    return people.editor.get(f"/demands/{demand.id}/report.txt").text


def test_what_is_not_known_stays_blank_and_nothing_is_invented(session, town, people):
    demand = make_quotes(session, town)
    session.commit()
    told = written(people, demand)
    for gap in (
        "nome e ruolo del RUP",
        "elenco istruttorio",
        "affidatario uscente",
        "decreto CAM",
        "conflitti",
    ):
        assert f"[da compilare: {gap}" in told or gap in told.split("[da compilare: ", 1)[1]
    assert "D.Lgs. 36/2023, art. 49 c. 6" in told
    assert "verificata il 21/11/26" in told
    assert "5.000,00" in told


def test_the_report_tells_list_quotes_proofs_and_card(session, town, people):
    grower = make_grower(session, "Orto Alto")
    make_public_record(session, grower, kind="durc", value="INPS_123", expires=date(2026, 12, 31))
    make_public_record(session, grower, kind="ccnl", value="T151 Cooperative sociali")
    demand = make_quotes(session, town, estimated_value=400_000, qualifications=["albo_b"])
    make_proposal(session, demand, grower, lines=({"lot_id": demand.lots[0].id, "price": 15_000},))
    kept = list_operations.freeze_list(session, people.persons["editor"], demand, now=LATER)
    session.commit()
    told = written(people, demand)
    assert kept.sha256 in told
    assert "150,00\xa0€" in told
    assert "165,00\xa0€" in told
    assert "IT-BIO-000" in told
    assert "INPS_123" in told
    assert "T151 Cooperative sociali" in told
    assert "abilitazione MePA: [da compilare: abilitazione MePA]" in told
    assert "è inferiore a questo importo" in told
    assert "o equivalente" in told or "Preferito" in told
    assert "sezione B" in told


def test_before_the_deadline_the_report_opens_nothing(session, town, people):
    demand = make_quotes(session, town, closes_at=None)
    make_proposal(session, demand, make_grower(session, "Nascosto"))
    session.commit()
    told = written(people, demand)
    assert "sigillate" in told
    assert "Nascosto" not in told


def test_the_recorded_outcome_is_in_the_report(session, town, people):
    demand = make_quotes(session, town)
    outcome = Outcome(
        demand_id=demand.id,
        kind="awarded",
        act_number="77",
        act_date=date(2026, 11, 21),
        cig="B1234567AF",
        recorded_at=LATER,
    )
    outcome.awards = [Award(name="Ditta", amount=99_950)]
    session.add(outcome)
    session.commit()
    told = written(people, demand)
    assert "affidato con atto n. 77 del 21 novembre 2026, CIG B1234567AF" in told
    assert "999,50\xa0€" in told


def test_notes_fill_the_blanks_and_leave_a_trace_without_their_text(session, town, people):
    demand = make_quotes(session, town)
    session.commit()
    path = f"/demands/{demand.id}/report/edit"
    sent = {"version": "0", "rup": "Dott.ssa Prova", "conflict": "Dichiarazione del 3/11.\nNessun conflitto."}
    assert people.editor.post(path, data=sent).status_code == 302
    told = written(people, demand)
    assert "Responsabile: Dott.ssa Prova" in told
    assert "Nessun conflitto." in told
    event = session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "report.noted"))
    assert event.details == {"fields": ["rup", "conflict"]}
    assert "Dott.ssa Prova" in people.editor.get(path).text


def test_two_who_write_at_once_do_not_lose_each_other(session, town, people):
    demand = make_quotes(session, town)
    save = report_operations.save_notes
    save(session, people.persons["editor"], demand, {"rup": "A"}, 0, now=LATER)
    with pytest.raises(Conflict):
        save(session, people.persons["owner"], demand, {"rup": "B"}, 0, now=LATER)
    assert save(session, people.persons["owner"], demand, {"rup": "B", "x": "y"}, 1, now=LATER).fields == {
        "rup": "B"
    }


def test_the_page_marks_the_blanks_and_offers_the_files(session, town, people):
    demand = make_quotes(session, town, title="<script>alert(1)</script>")
    session.commit()
    page = people.editor.get(f"/demands/{demand.id}/report").text
    assert '<mark class="blank">[da compilare: nome e ruolo del RUP]</mark>' in page
    assert "<script>alert(1)</script>" not in page
    for extension in ("odt", "docx"):
        content = people.editor.get(f"/demands/{demand.id}/report.{extension}").data
        assert content.startswith(b"PK")


def test_the_report_is_the_public_buyer_s_alone(app, session, town, people):
    demand = make_quotes(session, town)
    consultation = make_quotes(session, town, type=DemandType.MARKET_CONSULTATION)
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    need = make_demand(session, group, lots=(carrots(),))
    members = people_of(app, session, group)
    session.commit()
    for path in ("report", "report.odt", "report/edit"):
        assert people.stranger.get(f"/demands/{demand.id}/{path}").status_code == 404
        assert people.editor.get(f"/demands/{consultation.id}/{path}").status_code == 404
        assert members.owner.get(f"/demands/{need.id}/{path}").status_code == 404
    with pytest.raises(NotFound):
        report_operations.save_notes(session, people.persons["stranger"], demand, {"rup": "X"}, 0, now=LATER)

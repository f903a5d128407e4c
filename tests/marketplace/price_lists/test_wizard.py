"""The wizard from upload to undo, for everybody who may and may not."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.import_models import ImportMapping, ImportRun
from marketplace.catalogue.models import Offer
from marketplace.outbox import OutboxEntry
from tests.factories import make_import_run, make_offer, make_organisation
from tests.support.people import people_of

LIST = """Listino novembre;;;;
Codice;Prodotto;Categoria;Prezzo;U.M.;IVA
M1;Mele renette;Mele;2,50;kg;4
P1;Pane di segale;Pane;1.250;pz;4
U1;Uova fresche;Uova;0,35;cartone da 6;4
"""


@pytest.fixture
def farm(session):
    return make_organisation(session, slug="cascina")


@pytest.fixture
def people(app, session, farm):
    return people_of(app, session, farm)


def upload(client, content, *, name="listino.csv", target="offers", slug="cascina"):
    data = {"target": target}
    if isinstance(content, bytes):
        data["file"] = (BytesIO(content), name)
    else:
        data["text"] = content
    return client.post(f"/organisations/{slug}/import", data=data, content_type="multipart/form-data")


def columns_of(page):
    """The form of the columns as the page proposes it."""
    found = {}
    for name, body in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        first = re.search(r'value="([^"]*)"', body)
        found[name] = (chosen or first)[1]
    return found | {"vat_included": "yes"}


def offers(session):
    session.expire_all()
    return session.scalars(sa.select(Offer).order_by(Offer.key, Offer.id)).all()


def through(client, content, answers=(), confirm=(), **kw):
    """Upload, take the columns as proposed, answer, and confirm what is seen; the last answer."""
    answer = upload(client, content, **kw)
    assert answer.status_code == 302, re.findall(r"notice-danger.*?</ul>", answer.text, re.S)
    address = answer.location
    run = address.rpartition("/columns")[0]
    answer = client.post(address, data=columns_of(client.get(address).text))
    assert answer.location == f"{run}/questions"
    page = client.get(f"{run}/questions")
    if page.status_code == 200:
        sent = dict(re.findall(r'name="([a-z]+-\d+-text)" value="([^"]*)"', page.text))
        client.post(f"{run}/questions", data=columns_of(page.text) | sent | dict(answers))
    page = client.get(run)
    assert page.status_code == 200, page.location
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)[1]
    return run, page.text, client.post(f"{run}/confirm", data={"seen": seen} | dict(confirm))


def test_a_list_becomes_the_catalogue_after_the_questions_that_only_a_person_can_answer(people, session):
    run, _page, answer = through(people.editor, LIST.encode("cp1252"), {"numbers-price": "decimals"})
    assert answer.location == run
    assert [(o.key, o.title, o.price, o.unit, o.vat_rate, o.status) for o in offers(session)] == [
        ("M1", "Mele renette", 25_000, "kg", 400, "published"),
        ("P1", "Pane di segale", 12_500, "piece", 400, "published"),
        ("U1", "Uova fresche", 3_500, "box", 400, "published"),
    ]
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 1
    assert session.scalars(sa.select(AuditEvent.verb)).all() == ["price_list.imported"]


def test_a_point_is_never_off_by_a_thousand_without_asking(people, session):
    through(people.owner, LIST.encode(), {"numbers-price": "thousands"})
    assert offers(session)[1].price == 12_500_000


def test_the_answers_are_remembered_and_importing_again_changes_nothing(people, session):
    through(people.owner, LIST.encode(), {"numbers-price": "decimals"})
    before = [(o.id, o.version, o.price, o.unit) for o in offers(session)]
    answer = upload(people.owner, LIST.encode())
    run = answer.location.rpartition("/columns")[0]
    people.owner.post(answer.location, data=columns_of(people.owner.get(answer.location).text))
    page = people.owner.get(f"{run}/questions")
    assert page.status_code == 302, "nothing is asked twice"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', people.owner.get(run).text)[1]
    people.owner.post(f"{run}/confirm", data={"seen": seen})
    assert [(o.id, o.version, o.price, o.unit) for o in offers(session)] == before
    done = session.scalars(sa.select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert (done.counts["unchanged"], done.counts["changed"], done.counts["created"]) == (3, 0, 0)
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportMapping)) == 1


def test_a_confirmation_sent_twice_has_one_effect(people, session):
    run, _page, _answer = through(people.owner, LIST.encode(), {"numbers-price": "decimals"})
    people.owner.post(f"{run}/confirm", data={"seen": "x"})
    assert len(offers(session)) == 3
    assert len(session.scalars(sa.select(AuditEvent)).all()) == 1


def test_what_changed_since_the_preview_is_looked_at_again(people, session, farm):
    offer = make_offer(session, farm, key="M1", title="Mele renette")
    session.commit()
    answer = upload(people.owner, b"codice;nome;prezzo\nM1;Mele renette;3,00\n")
    run = answer.location.rpartition("/columns")[0]
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', people.owner.get(run).text)[1]
    offer.price = 99
    session.commit()
    people.owner.post(f"{run}/confirm", data={"seen": seen})
    session.refresh(offer)
    assert offer.price == 99
    assert session.scalar(sa.select(ImportRun.done_at)) is None


def test_vanished_lines_are_asked_about_and_undo_brings_everything_back(people, session, farm):
    kept = make_offer(session, farm, key="M1", title="Mele renette", price=20_000)
    gone = make_offer(session, farm, key="X9", title="Castagne")
    session.commit()
    content = b"codice;nome;categoria;prezzo;um;iva\nM1;Mele renette;Mele;3,00;kg;4\nN1;Noci;Frutta;8;kg;4\n"
    run, page, _answer = through(people.owner, content)
    assert {o.key: o.status for o in offers(session)} == {"M1": "published", "X9": "published"}, "asked first"
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', people.owner.get(run).text)[1]
    people.owner.post(f"{run}/confirm", data={"seen": seen, "vanished": "withdraw"})
    found = {o.key: (o.status, o.price) for o in offers(session)}
    assert found == {"M1": ("published", 30_000), "N1": ("published", 80_000), "X9": ("withdrawn", 50_000)}
    assert "+50,0" in page
    people.owner.post(f"{run}/undo")
    found = {o.key: (o.status, o.price, o.vat_rate) for o in offers(session)}
    assert found == {"M1": ("published", 20_000, 1000), "X9": ("published", 50_000, 1000)}
    people.owner.post(f"{run}/undo")
    assert len(offers(session)) == 2
    assert kept.id
    assert gone.id


def test_undo_leaves_what_somebody_changed_since(people, session):
    run, _page, _answer = through(people.owner, LIST.encode(), {"numbers-price": "decimals"})
    mine = offers(session)[0]
    mine.price, mine.updated_at = 77, mine.updated_at.replace(year=2030)
    session.commit()
    people.owner.post(f"{run}/undo")
    assert [(o.key, o.price) for o in offers(session)] == [("M1", 77)]


def test_only_the_last_import_is_undone(people, session):
    first, _page, _answer = through(people.owner, LIST.encode(), {"numbers-price": "decimals"})
    through(people.owner, b"codice;nome;prezzo\nM1;Mele renette;9\n", confirm={"vanished": "keep"})
    people.owner.post(f"{first}/undo")
    assert len(offers(session)) == 3


def test_reserved_words_of_who_cannot_prove_them_are_caught_with_the_words_to_use(people, session):
    content = b"nome;categoria;prezzo;um;iva\nMele bio;Mele;3;kg;4\nPere a km 0;Pere;3;kg;4\n"
    _run, page, _answer = through(people.owner, content)
    assert "agroecologic" in page
    assert "12 km da te" in page
    assert offers(session) == []


def test_what_had_been_withdrawn_comes_back_only_with_words_that_are_proven_in_its_food_sheet_too(
    people, session, farm
):
    make_offer(
        session, farm, key="K1", title="Crostata", status="withdrawn", food={"ingredients": "farina bio"}
    )
    session.commit()
    content = b"codice;nome;prezzo;iva\nK1;Crostata;5,00;10%\n"
    _run, preview, _done = through(people.editor, content)
    assert "«bio»" in preview
    assert [offer.status for offer in offers(session)] == ["withdrawn"]


def test_a_pasted_mail_is_read(people, session):
    text = "Buongiorno, ecco i prezzi:\n\nMele renette … 2,50 €/kg\nMiele di acacia: 7,00 € al vasetto\n"
    through(people.owner, text, {"default-vat": "vat_4"})
    assert [(o.title, o.price, o.unit) for o in offers(session)] == [
        ("Mele renette", 25_000, "kg"),
        ("Miele di acacia", 70_000, "jar"),
    ]


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
def test_others_import_nothing(people, session, farm, who, status):
    run = make_import_run(session, farm)
    session.commit()
    client = getattr(people, who)
    assert upload(client, LIST.encode()).status_code == status
    for path in ("", "/columns", "/questions"):
        assert client.get(f"/imports/{run.id}{path}").status_code == status
    for path in ("/confirm", "/undo", "/columns", "/questions"):
        assert client.post(f"/imports/{run.id}{path}").status_code == status
    assert offers(session) == []


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "C’è"), (b"%PDF-1.4 x", "PDF"), (b"\xd0\xcf\x11\xe0abc", "xls"), (b"PK\x03\x04broken", "danneggiato"),
        (b'a;b\n"x;1\n', "2"), (b"<html><body>", "pagina web"), (b"{}", "GDXP"), (b"\x00\x01\x02\x81", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_the_field(people, session, content, said):
    answer = upload(people.owner, content)
    assert answer.status_code == 200
    assert "notice-danger" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRun)) == 0


@pytest.mark.parametrize("target", ["list:1", "list:99999999999999999999", "list:x", "else", ""])
def test_a_list_of_somebody_else_is_no_target(people, session, target):
    assert upload(people.owner, LIST.encode(), target=target).status_code == 200
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportRun)) == 0


def test_strange_answers_change_nothing(people, session):
    run = upload(people.owner, LIST.encode()).location.rpartition("/columns")[0]
    strange = {
        "header": "²",
        "column-0": "organisation_id",
        "column-99999": "title",
        "separator": "xx",
        "encoding": "rot13",
    }
    assert people.owner.post(f"{run}/columns", data=strange).status_code in (302, 400)
    assert people.owner.get(f"{run}?show=nonsense&page=99999999999999").status_code in (200, 302)
    assert people.owner.post(f"{run}/confirm", data={"seen": "\x00", "vanished": "delete"}).status_code == 302
    assert offers(session) == []


def test_one_bad_row_among_a_thousand_is_named_and_the_others_come_in(people, session):
    rows = [f"A{n};Pane {n};Pane;{n % 90},50;kg;4" for n in range(1, 1001)]
    rows[499] = "A500;;Pane;2,50;kg;4"
    client = people.owner
    address = upload(client, ("codice;nome;categoria;prezzo;um;iva\n" + "\n".join(rows)).encode()).location
    run = address.removesuffix("/columns")
    client.post(address, data=columns_of(client.get(address).text))
    client.get(f"{run}/questions")
    page = client.get(f"{run}?show=rejected").text
    assert "riga 501" in page
    assert "riga 500" not in page
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    assert client.post(f"{run}/confirm", data={"seen": seen}).status_code == 302
    assert session.scalar(sa.select(ImportRun.counts))["rejected"] == 1
    found = offers(session)
    assert len(found) == 999
    assert "A500" not in {offer.key for offer in found}
    assert (
        session.scalar(
            sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.verb == "price_list.imported")
        )
        == 1
    )

"""Taking a group in from a file: what becomes of every row, once, with credits as opening entries."""

import io
import re

import pytest
import sqlalchemy as sa

from marketplace.errors import Conflict, NotAllowed, NotFound
from marketplace.households.import_operations import import_households, plan_import
from marketplace.households.import_plan import Known, NoNames, plan_households
from marketplace.households.import_undoing import imports, undo_import
from marketplace.households.models import GroupSettings, Household, HouseholdMember
from marketplace.households.queries import households
from marketplace.ledger import entries
from marketplace.ledger.models import Entry, Side
from marketplace.ledger.operations import record_movement
from marketplace.organisations.models import Kind, MemberRole
from marketplace.price_lists.intake import read_any
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.support.people import browser_of

CREDITS = "ID;Nome;E-Mail;Credito Residuo €\n7;Rossi Anna;anna@example.org;12,50\n8;Bruni Ugo;;-3,00\n"


def kinds(text, known=()):
    return [(row.kind, row.problem) for row in plan_households(read_any(text.encode()), known)]


def test_every_row_is_new_changed_unchanged_or_rejected_with_its_reason():
    known = [
        Known(1, "7", "Rossi Anna", "anna@example.org", "", None, True),
        Known(2, None, "Neri", "", "", None),
    ]
    text = CREDITS + "9;;x@example.org;\n7;Rossi Anna;;\n10;Verdi;niente;\n11;Blu;;abc\n12;Neri;;\n"
    assert kinds(text, known) == [
        ("unchanged", ""), ("new", ""), ("rejected", "no_name"), ("rejected", "twice"), ("rejected", "no_email"),
        ("rejected", "no_amount"), ("changed", ""),
    ]  # fmt: skip


def test_names_are_put_together_and_a_file_without_names_is_refused():
    (row,) = plan_households(read_any(b"Cognome,Nome,Cellulare,Membro da\nRossi,Anna,333 1,01/02/2020\n"), [])
    assert (row.title, row.values["phone"], row.values["joined_on"].isoformat()) == (
        "Rossi Anna",
        "333 1",
        "2020-02-01",
    )
    with pytest.raises(NoNames):
        kinds("Prodotto;Prezzo\nMele;2\n")


def test_two_families_of_one_name_are_told_apart_by_key_and_else_not_guessed():
    two = [Known(1, None, "Rossi", "", "", None), Known(2, None, "Rossi", "", "", None)]
    assert kinds("Nome;Telefono\nRossi;1\n", two) == [("rejected", "ambiguous")]


@pytest.fixture
def group(session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    group.referente, group.anna = make_user(session), make_user(session, email="anna@example.org")
    make_membership(session, group.referente, group, MemberRole.EDITOR)
    make_membership(session, group.anna, group, MemberRole.MEMBER)
    session.add(GroupSettings(organisation_id=group.id, keeps_accounts=True))
    session.commit()
    return group


def test_the_same_file_again_changes_nothing_and_credits_open_accounts_once(group, session):
    sheet = read_any(CREDITS.encode())
    with pytest.raises(NotAllowed):
        plan_import(session, group.anna, group, sheet)
    for expected in (["new", "new"], ["unchanged", "unchanged"]):
        rows = import_households(session, group.referente, group, sheet, now=NOW)
        assert [row.kind for row in rows] == expected
    assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 2
    assert session.scalar(sa.select(sa.func.sum(Side.amount))) == 0
    assert session.scalars(sa.select(HouseholdMember.person_id)).all() == [group.anna.id]


def names(session, group):
    return [home.name for home in households(session, group.id, with_left=True)]


def test_an_import_is_taken_back_whole_and_can_be_done_again(app, group, session):
    sheet = read_any((CREDITS + "9;Neri Ada;;\n").encode())
    import_households(session, group.referente, group, sheet, now=NOW)
    (event,) = [one.event.id for one in imports(session, group.id)]
    browser, home = browser_of(app, group.referente), f"/organisations/{group.slug}/households"
    undo = f"{home}/import/{event}/undo"
    assert undo in browser.get(home).text
    assert browser_of(app, group.anna).post(undo).status_code == 403
    for _ in range(2):
        assert browser.post(undo).status_code == 302
    assert names(session, group) == []
    # who has an account in the cassa stays in it without a name; who has none is gone
    assert session.scalars(sa.select(Household.name)).all() == ["", ""]
    assert session.scalar(sa.select(sa.func.sum(Side.amount)).where(Side.amount > 0)) == 2 * (1250 + 300)
    assert imports(session, group.id) == []
    rows = import_households(session, group.referente, group, sheet, now=NOW)
    assert [row.kind for row in rows] == ["new"] * 3
    assert names(session, group) == ["Bruni Ugo", "Neri Ada", "Rossi Anna"]
    assert [one.why_not for one in imports(session, group.id)] == [""]


def test_an_import_stays_once_somebody_has_booked_or_paid_or_it_changed_what_was_there(group, session):
    def import_text(text):
        import_households(session, group.referente, group, read_any(text.encode()), now=NOW)
        return imports(session, group.id)[0].event.id

    def refused(event):
        with pytest.raises(Conflict) as why:
            undo_import(session, group.referente, group, event, now=NOW)
        session.rollback()
        return why.value.code

    paid = import_text("ID;Nome\n1;Rossi\n")
    (rossi,) = households(session, group.id)
    draft = entries.payment(rossi.id, 500)
    record_movement(session, group.referente, group.id, draft, now=NOW, key="a")
    assert refused(paid) == "paid"
    booked = import_text("ID;Nome\n2;Bianchi\n")
    cycle = make_cycle(session, group)
    bianchi = households(session, group.id)[0]
    make_booking(session, cycle, bianchi, make_cycle_product(session, cycle))
    session.commit()
    assert refused(booked) == "booked"
    assert refused(import_text("ID;Nome;Telefono\n1;Rossi;333\n")) == "altered"
    with pytest.raises(NotFound):
        undo_import(session, group.referente, group, 10**9, now=NOW)
    assert names(session, group) == ["Bianchi", "Rossi"]


def test_the_file_is_looked_at_before_it_is_confirmed(app, group, session):
    other = make_household(session, make_organisation(session, kinds=(Kind.BUYING_GROUP,)), name="Rossi Anna")
    session.commit()
    browser, address = browser_of(app, group.referente), f"/organisations/{group.slug}/households/import"
    seen = browser.post(address, data={"file": (io.BytesIO(CREDITS.encode()), "soci.csv")})
    assert "Bruni Ugo" in seen.text
    assert session.scalars(sa.select(Household.id)).all() == [other.id]
    token = re.search(r'name="token" value="([^"]+)"', seen.text)[1]
    assert browser.post(f"{address}/confirm", data={"token": token}).status_code == 302
    assert browser.post(f"{address}/confirm", data={"token": token + "x"}).status_code == 409
    assert len(session.scalars(sa.select(Household.id)).all()) == 3

"""Lists on the page, on paper and as files; the plain forms; what a phone sends; and who sees none of it."""

import csv
import io
import re
import subprocess
from datetime import timedelta

import pytest
import time_machine

from marketplace.delivery.actions import Action, Kind
from marketplace.delivery.operations import record_actions
from marketplace.orders.booking_models import Allotment, Basket
from marketplace.orders.models import Shift
from marketplace.orders.queries import totals_of
from tests.factories import make_user
from tests.marketplace.delivery.house import EVENING
from tests.support.mails import mails
from tests.support.people import browser_of


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(house):
    return f"/orders/{house.cycle.id}/delivery/{house.sala.id}"


def euros(text: str) -> int:
    return int(re.sub(r"\D", "", text)) * (-1 if text.startswith("-") else 1)


def test_totals_are_the_same_on_page_sheet_csv_and_paper(app, house, place, session, tmp_path):
    rossi = house.baskets["Rossi"].id
    actions = [
        Action("a", Kind.WEIGHT, rossi, house.cheese.id, 437),
        Action("b", Kind.DELIVERED, rossi, house.milk.id, 2000),
        Action("c", Kind.MOVE, rossi, house.apples.id, 500, to=house.baskets["Bianchi"].id),
    ]
    record_actions(session, house.referente, house.cycle.id, actions, now=EVENING)
    expected = {basket: total.amount for basket, total in totals_of(session, house.cycle).items()}
    browser = browser_of(app, house.referente)
    page = browser.get(place).text
    for name in ("Rossi", "Bianchi"):
        basket = house.baskets[name].id
        shown = re.search(rf'id="b{basket}".*?data-total>([^<]*)<', page, re.DOTALL)[1]
        assert euros(shown) == expected[basket]
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"{place}/list.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    columns = list(rows[0])
    for name in ("Rossi", "Bianchi"):
        own = [list(row.values()) for row in rows if row[columns[0]] == name]
        assert euros(own[-1][9]) == expected[house.baskets[name].id]
        assert sum(euros(row[7]) + euros(row[8]) for row in own[:-1]) == euros(own[-1][9])
    sheet = browser.get(f"{place}/print").text
    totals = [
        f"{expected[house.baskets[name].id] / 100:.2f}".replace(".", ",") for name in ("Rossi", "Bianchi")
    ]
    assert all(total in sheet for total in totals)
    for form in ("list", "sheets"):
        paper = browser.get(f"{place}/{form}.pdf")
        assert paper.data.startswith(b"%PDF")
        assert paper.headers["Cache-Control"] == "no-store"
        path = tmp_path / f"{form}.pdf"
        path.write_bytes(paper.data)
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert all(total in text for total in totals)
        assert "celiaca" not in text


def test_what_begins_like_a_formula_is_quoted_in_the_list_and_negative_amounts_stay_numbers(
    app, house, place, session
):
    house.households["Rossi"].name, house.milk.title, house.apples.variant = "=HYPERLINK(1)", "+Latte", "\t@x"
    session.commit()
    given_back = Action("a", Kind.RETURNED, house.baskets["Rossi"].id, house.milk.id, 9, 0)
    nothing = Action("b", Kind.DELIVERED, house.baskets["Rossi"].id, house.milk.id, 0)
    record_actions(session, house.referente, house.cycle.id, [given_back, nothing], now=EVENING)
    content = browser_of(app, house.referente).get(f"{place}/list.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    cells = [cell for row in rows for cell in row]
    assert {"'=HYPERLINK(1)", "'+Latte"} <= set(cells)
    assert "-4,50" in cells  # nine containers at 0,50 €
    amounts = re.compile(r"-?\d+,\d\d")
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t") and not amounts.fullmatch(cell)]


def test_a_household_s_form_without_script_saves_what_differs_and_says_what_it_cannot_read(
    app, house, place, session
):
    browser = browser_of(app, house.people["Bianchi"])
    page = browser.get(place).text
    rossi, cheese, milk = house.baskets["Rossi"].id, house.cheese.id, house.milk.id
    form = {
        "key": re.search(rf'name="key" value="([^"]*\.{rossi})"', page)[1],
        f"tick-{cheese}": "1", f"seen-tick-{cheese}": "0",
        f"weight-{cheese}": "1.250", f"seen-weight-{cheese}": "",
        f"returned-{milk}": "2", f"seen-returned-{milk}": "0",
        "paid": "20,00", "seen-paid": "", "seen-collected": "0", "collected": "1",
        # what no form of ours has
        "total_cents": "1", "status": "settled", "paid_to_id": "1",
    }  # fmt: skip
    refused = browser.post(f"{place}/{rossi}", data=form)
    assert refused.status_code == 400
    assert 'value="1.250"' in refused.text
    saved = browser.post(f"{place}/{rossi}", data=form | {f"weight-{cheese}": "0,437"})
    assert saved.status_code == 302
    again = browser.post(f"{place}/{rossi}", data=form | {f"weight-{cheese}": "0,437"})
    assert again.status_code == 302
    session.expire_all()
    line, basket = session.get(Allotment, (cheese, rossi)), session.get(Basket, rossi)
    assert (line.weight, line.ticked_by_id) == (437, house.people["Bianchi"].id)
    assert (basket.paid, basket.paid_to_id, basket.collected_at) == (
        2000,
        house.people["Bianchi"].id,
        EVENING,
    )
    assert session.get(Allotment, (milk, rossi)).returned == 2
    moved = {
        "key": "k",
        "product": str(house.apples.id),
        "quantity": "1",
        "to": str(house.baskets["Bianchi"].id),
    }
    assert browser.post(f"{place}/{rossi}/move", data=moved).status_code == 302
    assert session.get(Allotment, (house.apples.id, rossi), populate_existing=True).delivered == 1500


def test_what_a_phone_kept_is_answered_one_by_one(app, house, place):
    browser = browser_of(app, house.people["Bianchi"])
    rossi = house.baskets["Rossi"].id
    sent = {
        "place": house.sala.id,
        "actions": [
            {
                "key": "1",
                "kind": "weight",
                "basket": rossi,
                "product": house.cheese.id,
                "value": "0,437",
                "seen": None,
            },
            {
                "key": "2",
                "kind": "weight",
                "basket": rossi,
                "product": house.cheese.id,
                "value": "1e5",
                "seen": None,
            },
            {"key": "3", "kind": "collected", "basket": house.baskets["Verdi"].id, "value": True, "seen": 0},
            {"key": "4", "kind": "collected", "basket": rossi, "value": True, "seen": 0, "role": "owner"},
        ],
    }
    url = f"/orders/{house.cycle.id}/delivery/actions"
    answer = browser.post(url, json=sent)
    assert [one["outcome"] for one in answer.json["answers"]] == ["done", "invalid", "not_found", "done"]
    assert answer.json["at"] == int(EVENING.timestamp() * 1000)
    assert str(house.baskets["Verdi"].id) not in answer.json["baskets"]
    assert "Verdi" not in answer.text
    assert browser.post(url, json=sent).json["baskets"] == answer.json["baskets"]
    for wrong in (
        {},
        {"place": house.sala.id, "actions": [{"key": "5"}]},
        {"place": house.sala.id, "actions": [7]},
    ):
        assert browser.post(url, json=wrong).status_code == 400
    for broken in (b"[" * 60_000, b'{"place": NaN}', b'{"actions": "\\ud800"}', b"\xff"):
        answer = browser.post(url, data=broken, content_type="application/json")
        assert answer.status_code == 400
    assert browser.post(url, json=sent | {"place": house.garage.id}).status_code == 404


def test_a_device_may_keep_the_list_of_a_place_while_the_delivery_is_on_and_nothing_else(
    app, house, place, session
):
    anna = browser_of(app, house.referente)
    script = app.test_client().get("/orders/delivery-worker.js")
    assert (script.status_code, script.mimetype) == (200, "text/javascript")
    assert script.headers["Cache-Control"] == "no-cache"
    page = anna.get(place, environ_overrides={"SCRIPT_NAME": "/casa"})
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Delivery-Kept-For"] == str(house.referente.id)
    assert page.headers["Delivery-Kept-Seconds"] == str(2 * 24 * 3600)
    assert 'data-worker="/casa/orders/delivery-worker.js"' in page.text
    assert f'data-scope="/casa/orders/{house.cycle.id}/delivery/"' in page.text
    for path in (f"/orders/{house.cycle.id}/delivery", f"{place}/print", "/account"):
        assert "Delivery-Kept-For" not in anna.get(path).headers
    stranger = browser_of(app, house.people["Rossi"])
    assert "Delivery-Kept-For" not in stranger.get(place).headers
    house.cycle.delivered_at = EVENING
    session.commit()
    page = anna.get(place)
    assert "Delivery-Kept-For" not in page.headers
    assert "data-worker" not in page.text


def test_strangers_and_other_households_find_nothing_and_notes_stay_with_the_referenti(app, house, place):
    other, _basket = house.another_group()
    paths = [place, f"{place}/print", f"{place}/list.pdf", f"{place}/list.csv"]
    for person in (make_user(house.session), other, house.people["Rossi"]):
        house.session.commit()
        browser = browser_of(app, person)
        assert {browser.get(path).status_code for path in paths} == {404}
        assert browser.post(f"{place}/{house.baskets['Rossi'].id}", data={"key": "x"}).status_code == 404
    on_shift = browser_of(app, house.people["Bianchi"])
    for path in (place, f"{place}/print", f"/orders/{house.cycle.id}/delivery"):
        page = on_shift.get(path)
        assert page.status_code == 200
        assert not {"celiaca", "crosta", "Altrove", "Verdi"} & set(re.findall(r"\w+", page.text))
    assert "celiaca" in browser_of(app, house.referente).get(place).text
    index = browser_of(app, house.referente).get(f"/orders/{house.cycle.id}/delivery").text
    text = re.search(r'<textarea[^>]*id="to-copy"[^>]*>(.*?)</textarea>', index, re.DOTALL)[1]
    assert "• Rossi: Mele 2,5" in text
    assert "Garage" in text
    assert "celiaca" not in text


def test_households_take_free_shifts_and_referenti_put_anybody(app, house, session):
    url = f"/orders/{house.cycle.id}/shifts"
    anna, rossi = browser_of(app, house.referente), browser_of(app, house.people["Rossi"])
    form = {
        "place": house.garage.id,
        "starts_at": "2026-11-30T18:00",
        "ends_at": "2026-11-30T20:00",
        "household": "0",
    }
    assert anna.post(url, data=form | {"ends_at": "2026-11-30T17:00"}).status_code == 400
    assert anna.post(url, data=form).status_code == 302
    assert rossi.post(url, data=form).status_code == 404
    shift = session.query(Shift).filter_by(place_id=house.garage.id).one()
    mine = str(house.households["Rossi"].id)
    assert (
        rossi.post(
            f"{url}/{shift.id}/take", data={"household": str(house.households["Verdi"].id)}
        ).status_code
        == 404
    )
    assert rossi.post(f"{url}/{shift.id}/take", data={"household": mine}).status_code == 302
    browser_of(app, house.people["Verdi"]).post(
        f"{url}/{shift.id}/take", data={"household": str(house.households["Verdi"].id)}
    )
    session.refresh(shift)
    assert shift.household_id == house.households["Rossi"].id
    assert "Rossi" in rossi.get(url).text
    other_hours = {
        "starts_at": "2026-11-30T18:30",
        "ends_at": "2026-11-30T20:00",
        "note": "portare le chiavi",
    }
    assert rossi.get(f"{url}/{shift.id}/edit").status_code == 404
    assert rossi.post(f"{url}/{shift.id}/edit", data=other_hours).status_code == 404
    assert anna.get(f"{url}/{shift.id}/edit").status_code == 200
    backwards = other_hours | {"ends_at": "2026-11-30T17:00"}
    assert anna.post(f"{url}/{shift.id}/edit", data=backwards).status_code == 400
    before = len(mails(session))
    for _ in range(2):
        assert anna.post(f"{url}/{shift.id}/edit", data=other_hours).status_code == 302
    session.refresh(shift)
    assert (shift.note, shift.household_id) == ("portare le chiavi", house.households["Rossi"].id)
    assert shift.ends_at - shift.starts_at == timedelta(hours=1, minutes=30)
    assert len(mails(session)) == before + 1
    assert rossi.post(f"{url}/{shift.id}/remove").status_code == 404
    assert anna.post(f"{url}/{shift.id}/put", data={"household": "0"}).status_code == 302
    session.refresh(shift)
    assert shift.household_id is None
    other, _basket = house.another_group()
    assert browser_of(app, other).post(f"{url}/{shift.id}/remove").status_code == 404
    assert anna.post(f"{url}/{shift.id}/remove").status_code == 302

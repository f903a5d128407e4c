"""One delivered order of two groups, with everything that changes a total, read on every surface to the cent (ORDEAL 41 to 43)."""

import csv
import html
import io
import re
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
import sqlalchemy as sa
import time_machine
from openpyxl import load_workbook

from marketplace.clock import utc_now
from marketplace.delivery.actions import Action
from marketplace.delivery.actions import Kind as Did
from marketplace.delivery.operations import mark_delivered, record_actions
from marketplace.households.models import GroupSettings
from marketplace.ledger import queries
from marketplace.ledger.models import AccountKind
from marketplace.ledger.settling import settle_cycle
from marketplace.money import divide_half_up, line_total
from marketplace.order_sheets.link_tokens import new_token
from marketplace.order_sheets.queries import sheet_of
from marketplace.order_sheets.sending import send_order
from marketplace.orders.booking_models import Basket
from marketplace.orders.models import CycleCost
from marketplace.orders.operations import fix_cycle
from marketplace.orders.queries import lines_of, totals_of
from marketplace.orders.withdrawing import set_withdrawn
from marketplace.organisations.models import Kind, MemberRole
from marketplace.price_lists.gdxp.reading import read_gdxp
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_group,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.support.mails import mails
from tests.support.paper import text_of_paper
from tests.support.people import browser_of

EVENING = NOW + timedelta(days=9)
#: name, unit, price, VAT, other: rates of 4, 5, 10 and 22 %, prices with ten-thousandths, weights, deposits, boxes
PRODUCTS = (
    ("Farina", "kg", 26_750, 400, {}),
    ("Rosmarino", "bunch", 13_333, 500, {}),
    ("Toma", "piece", 149_900, 1000, {"piece_weight": 437}),
    ("Sapone", "l", 99_999, 2200, {"deposit": 35}),
    ("Arance", "kg", 19_990, 400, {"box_size": 10_000}),
    ("Castagne", "kg", 70_000, 1000, {}),
)
#: thousandths by household and product
BOOKED = {
    "Abate": (333, 3000, 2000, 2500, 4000, 1000),
    "Bosco": (667, 1000, 1000, 1500, 3000, 1000),
    "Corti": (1333, 7000, 0, 0, 3500, 0),
    "Dossi": (999, 2000, 3000, 500, 2750, 1000),
    "Egger": (333, 0, 1000, 1000, 1750, 0),
}
HOUSES = {"GAS Uno": ("Abate", "Bosco", "Corti"), "GAS Due": ("Dossi", "Egger")}


class Order:
    """Delivered; the first group keeps accounts, in the second who collects pays."""

    def __init__(self, session):
        self.session = session
        self.groups, self.referenti, self.people, self.homes = {}, {}, {}, {}
        for name, houses in HOUSES.items():
            group = make_organisation(session, kinds=(Kind.BUYING_GROUP,), name=name)
            session.add(GroupSettings(organisation_id=group.id, keeps_accounts=name == "GAS Uno"))
            self.groups[name], self.referenti[name] = group, make_user(session)
            make_membership(session, self.referenti[name], group, MemberRole.EDITOR)
            for house in houses:
                self.people[house] = make_user(session)
                make_membership(session, self.people[house], group, MemberRole.MEMBER)
                self.homes[house] = make_household(session, group, self.people[house], name=house)
        first = self.referenti["GAS Uno"]
        self.cycle = make_cycle(
            session, self.groups["GAS Uno"], title="Ottobre", coordinator_id=first.id
        )  # fmt: skip
        self.source = self.cycle.sources[0]
        self.source.email, self.source.vat_number = "forno@example.org", "01234567897"
        make_cycle_group(session, self.cycle, self.groups["GAS Due"])
        self.products = {
            title: make_cycle_product(
                session, self.cycle, title=title, unit=unit, price=price, vat_rate=rate,
                vat_treatment=f"vat_{rate // 100}", **more,
            )
            for title, unit, price, rate, more in PRODUCTS
        }  # fmt: skip
        for house, quantities in BOOKED.items():
            for product, quantity in zip(self.products.values(), quantities, strict=True):
                if quantity:
                    make_booking(
                        session, self.cycle, self.homes[house], product, quantity,
                        tolerance=500 if product.box_size else 0,
                    )  # fmt: skip
        here, there = self.cycle.groups
        session.add_all(
            CycleCost(cycle_id=self.cycle.id, **values)
            for values in (
                {"kind": "transport", "label": "Furgone", "amount": 5000, "split_by": "household"},
                {"kind": "transport", "label": "Pedaggio", "amount": 100, "split_by": "quantity", "group_id": here.id},
                {"kind": "cost", "label": "Bancali", "amount": 777, "split_by": "weight", "source_id": self.source.id},
                {"kind": "discount", "label": "Sconto", "percent": 333, "threshold": 2000, "split_by": "price"},
                {"kind": "discount", "label": "Buono", "amount": 101, "split_by": "household", "group_id": there.id},
                {"kind": "discount", "label": "Mai", "percent": 1000, "threshold": 10**7, "split_by": "price"},
            )
        )  # fmt: skip
        session.commit()
        set_withdrawn(session, first, self.cycle.id, self.products["Castagne"].id, True, now=NOW)
        fix_cycle(session, self.cycle.id, now=self.cycle.closes_at)
        send_order(session, self.cycle.id, now=self.cycle.closes_at, new_token=new_token, actor=first)
        self.baskets = {
            house: session.scalar(sa.select(Basket.id).where(Basket.household_id == home.id))
            for house, home in self.homes.items()
        }
        self._hand_out()

    def settle(self) -> list[dict]:
        """The mails that it sends."""
        before = len(mails(self.session))
        settle_cycle(self.session, self.referenti["GAS Uno"], self.cycle.id, now=EVENING)
        return mails(self.session)[before:]

    def _hand_out(self):
        by_group = defaultdict(list)
        for number, (kind, house, title, wanted, to) in enumerate(
            (
                (Did.WEIGHT, "Abate", "Toma", 911, None),
                (Did.WEIGHT, "Bosco", "Toma", 433, None),
                (Did.WEIGHT, "Dossi", "Toma", 1287, None),
                (Did.WEIGHT, "Egger", "Toma", 450, None),
                (Did.DELIVERED, "Corti", "Rosmarino", 5000, None),
                (Did.DELIVERED, "Dossi", "Arance", 0, None),
                (Did.MOVE, "Abate", "Farina", 111, "Bosco"),
                (Did.RETURNED, "Bosco", "Sapone", 4, None),
                (Did.RETURNED, "Egger", "Sapone", 1, None),
                (Did.PAID, "Dossi", None, 1000, None),
            )
        ):
            group = next(name for name, houses in HOUSES.items() if house in houses)
            seen = 0 if kind is Did.RETURNED else None
            by_group[group].append(
                Action(
                    f"k{number}", kind, self.baskets[house], self.products[title].id if title else None,
                    wanted, seen, self.baskets.get(to),
                )
            )  # fmt: skip
        for name, actions in by_group.items():
            answers = record_actions(
                self.session, self.referenti[name], self.cycle.id, actions, now=EVENING - timedelta(hours=1)
            )
            assert {answer.outcome for answer in answers} == {"done"}, answers
        mark_delivered(
            self.session, self.referenti["GAS Uno"], self.cycle.id, now=EVENING - timedelta(minutes=1)
        )


def cents(text: str) -> int:
    """ "1.234,50 €" or "-3,20" to cents."""
    return int(re.sub(r"\D", "", text)) * (-1 if text.strip().startswith(("-", "−")) else 1)


def shown(browser, path: str) -> str:
    """The words of a page, as somebody reads them."""
    answer = browser.get(f"{path}?lang=it")
    assert answer.status_code == 200, path
    return words(answer.text)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " "))


def after(text: str, *said: str) -> int:
    """The first amount that stands after these words, one after the other."""
    for one in said:
        assert one in text, (one, text[:3000])
        text = text.split(one, 1)[1]
    return cents(re.search(r"[-−]?[\d.]*\d,\d\d(?= ?€)?", text)[0])


def by_hand(order, cycle_lines):
    """Goods and deposits of each basket in decimals, which know no cents until they are rounded."""
    found = defaultdict(int)
    for line in cycle_lines:
        amount = line.weight if line.piece_weight else line.quantity
        euros = Decimal(amount) / 1000 * Decimal(line.price) / 10_000
        found[line.basket] += int(euros.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
        deposit = Decimal(line.quantity) / 1000 * Decimal(line.deposit or 0)
        found[line.basket] += int(deposit.quantize(Decimal(1), ROUND_HALF_UP)) - line.returned * (
            line.deposit or 0
        )
    return dict(found)  # fmt: skip


@pytest.fixture
def order(session):
    return Order(session)


@pytest.mark.needs("poppler")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_surface_says_the_same_cents(app, order, session, tmp_path):
    cycle, way = order.cycle, f"/orders/{order.cycle.id}"
    totals = totals_of(session, cycle)
    pays = {house: totals[basket].amount for house, basket in order.baskets.items()}
    of_group = {name: sum(pays[house] for house in houses) for name, houses in HOUSES.items()}
    # what is shared out adds up, and what stands on the lines is what decimals say
    goods = by_hand(order, lines_of(session, cycle))
    assert {basket: total.goods + total.deposits for basket, total in totals.items()} == goods
    shared = defaultdict(int)
    for total in totals.values():
        for cost, part in total.costs.items():
            shared[session.get_one(CycleCost, cost).label] += part
    all_goods = sum(total.goods for total in totals.values())
    discount = int((Decimal(all_goods) * 333 / 10_000).quantize(Decimal(1), ROUND_HALF_UP))
    assert shared == {
        "Furgone": 5000,
        "Pedaggio": 100,
        "Bancali": 777,
        "Sconto": -discount,
        "Buono": -101,
    }
    assert what_phones_are_told(app, order) == pays
    said = order.settle()
    ledger_tells_the_same(app, order, session, pays, of_group)

    with time_machine.travel(EVENING, tick=False):
        browsers = {name: browser_of(app, person) for name, person in order.referenti.items()}
        first = browsers["GAS Uno"]
        coordinator, settling = shown(first, way), shown(first, f"{way}/settle")
        assert after(settling, "In tutto") == sum(pays.values())
        for name, houses in HOUSES.items():
            browser, group = browsers[name], order.groups[name]
            row = next(one for one in cycle.groups if one.organisation_id == group.id)
            page = shown(browser, way)
            money = shown(browser, f"/organisations/{group.slug}/cassa/orders/{cycle.id}")
            assert after(money, "In tutto") == of_group[name]
            assert after(coordinator, "Gruppi", f"{name}:") == of_group[name]
            assert after(page, "Gruppi", f"{name}:") == of_group[name]
            night = f"{way}/delivery/{row.places[0].id}"
            listed = browser.get(night).text
            table = sums_of_csv(browser.get(f"{night}/list.csv?lang=it").data)
            papers = [
                words(text_of_paper(browser.get(f"{night}/{form}.pdf?lang=it").data, tmp_path))
                for form in ("list", "sheets")
            ]
            printed = shown(browser, f"{night}/print")
            for house in houses:
                basket, total = order.baskets[house], pays[house]
                mine = browser_of(app, order.people[house])
                assert after(shown(mine, f"{way}/book"), "Paghi") == total
                assert after(shown(mine, way), "Paghi") == total
                assert after(page, "Famiglie del tuo gruppo", f"{house} :") == total
                assert after(money, f"{house} ") == total
                assert cents(re.search(rf'id="b{basket}".*?data-total>([^<]*)', listed, re.S)[1]) == total
                assert table[house] == total
                (letter,) = [m for m in said if m["to"] == order.people[house].email]
                assert after(words(letter["text"]), "Quanto paghi:") == total
                assert all(euros(total) in paper for paper in [*papers, printed])
                if name == "GAS Uno":
                    assert after(settling, f"Famiglie di {name}", house) == total
            (letter,) = [m for m in said if m["to"] == order.referenti[name].email]
            assert euros(of_group[name]) in words(letter["text"])
        abate, corti = (shown(browser_of(app, order.people[name]), way) for name in ("Abate", "Corti"))
        assert "Toma: 2 pezzi , 0,911 kg" in abate
        assert "Rosmarino: 5 mazzi" in corti
        assert "(spettava: 7 mazzi)" in corti
        left = {"Dossi": pays["Dossi"] - 1000, "Egger": pays["Egger"]}
        text = shown(
            browsers["GAS Due"], f"/organisations/{order.groups['GAS Due'].slug}/cassa/orders/{cycle.id}"
        )
        for house, owed in left.items():
            assert after(text, "*Ottobre*", f"{house}:") == owed
        assert after(text, "*Ottobre*", "In tutto:") == sum(left.values())
        supplier_is_asked_the_same(app, order, session, first, tmp_path)


def euros(amount: int) -> str:
    return f"{amount // 100},{amount % 100:02d} €"


def sums_of_csv(content: bytes) -> dict[str, int]:
    """The total of each household, which is the sum of its lines."""
    found, lines = {}, defaultdict(int)
    for row in list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:]:
        lines[row[0]] += sum(cents(cell) for cell in row[7:9] if cell)
        if row[9] and row[1] != "Totale":
            lines[row[0]] += cents(row[9])
        elif row[9]:
            found[row[0]] = cents(row[9])
    assert found == dict(lines)
    return found


def what_phones_are_told(app, order) -> dict[str, int]:
    """The JSON that lists of the delivery are brought up to date with."""
    found = {}
    with time_machine.travel(EVENING, tick=False):
        for name, houses in HOUSES.items():
            row = next(one for one in order.cycle.groups if one.organisation_id == order.groups[name].id)
            answer = browser_of(app, order.referenti[name]).post(
                f"/orders/{order.cycle.id}/delivery/actions", json={"place": row.places[0].id, "actions": []}
            )
            for house in houses:
                found[house] = cents(answer.json["baskets"][str(order.baskets[house])]["total"])
    return found


def ledger_tells_the_same(app, order, session, pays, of_group):
    group = order.groups["GAS Uno"]
    mine = {house: pays[house] for house in HOUSES["GAS Uno"]}
    assert {house: -queries.household_balance(session, order.homes[house].id) for house in mine} == mine
    accounts = dict.fromkeys(AccountKind, 0)
    for row in queries.balances(session, group.id):
        accounts[row.account.kind] += row.amount
    assert -accounts[AccountKind.HOUSEHOLD] == of_group["GAS Uno"]
    with time_machine.travel(EVENING, tick=False):
        browser = browser_of(app, order.referenti["GAS Uno"])
        home = f"/organisations/{group.slug}/cassa/years/{utc_now().year}/entries"
        table = list(
            csv.reader(
                io.StringIO(browser.get(f"{home}.csv?lang=it").data.decode("utf-8-sig")), delimiter=";"
            )
        )
        sheet = load_workbook(io.BytesIO(browser.get(f"{home}.xlsx?lang=it").data)).worksheets[0]
        cells = list(sheet.iter_rows(values_only=True))
    for house, total in mine.items():
        assert sum(cents(row[5]) for row in table[1:] if row[4] == house) == -total
        assert sum(round(row[5] * 100) for row in cells[1:] if row[4] == house) == -total


def supplier_is_asked_the_same(app, order, session, first, tmp_path):
    """What was ordered, before anything was weighed: one line for each product of each group."""
    sheet = sheet_of(session, order.cycle, order.source)
    expected = {}
    for recipient in sheet.recipients:
        asked = defaultdict(int)
        for place in recipient.places:
            for product, quantity in place.quantities.items():
                asked[product] += quantity
        products = {product.id: product for product in sheet.products}
        expected[recipient.name] = sum(
            line_total(
                quantity * (products[id_].piece_weight or 1000) // 1000, products[id_].price
            )
            + divide_half_up(quantity * (products[id_].deposit or 0), 1000)
            for id_, quantity in asked.items()
        )  # fmt: skip
    assert {one.name: one.amount for one in sheet.recipients} == expected
    way = f"/orders/{order.cycle.id}/suppliers"
    page = shown(first, way)
    assert after(page, "documenti del fornitore") == sheet.amount
    delivered = sum(line.goods + line.deposits for line in lines_of(session, order.cycle))
    assert after(page, "Com'è arrivato, le famiglie insieme") == delivered
    for name, amount in expected.items():
        assert after(page, "documenti del fornitore", name) == amount
    files = {
        kind: first.get(f"{way}/{order.source.id}/order.{kind}?lang=it").data
        for kind in ("pdf", "xlsx", "gdxp")
    }
    paper = words(text_of_paper(files["pdf"], tmp_path))
    assert after(paper, "IVA compresa:") == sheet.amount
    for name, amount in expected.items():
        assert after(paper, f"{name} Il documento", "Totale di questo gruppo:") == amount
    whole, *pages = load_workbook(io.BytesIO(files["xlsx"]))
    rows = list(whole.iter_rows(values_only=True))
    assert round(rows[-1][7] * 100) == sheet.amount
    lines = rows[4 : next(n for n, row in enumerate(rows) if n > 4 and not any(row))]
    assert sum(round(row[7] * 100) for row in lines) == sheet.amount
    for one, recipient in zip(pages, sheet.recipients, strict=True):
        total = next(row for row in one.iter_rows(values_only=True) if row[0] == "Totale")
        assert round(total[7] * 100) == expected[recipient.name]
    for (_name, document), recipient in zip(read_gdxp(files["gdxp"]), sheet.recipients, strict=True):
        booked = [
            line_total(round(float(p.booked) * 1000), round(float(p.price) * 10_000))
            for p in document.suppliers[0].products
        ]
        assert sum(booked) == recipient.goods
    (letter,) = [m for m in mails(session) if m["to"] == "forno@example.org"]
    assert euros(sheet.amount) in words(letter["text"])

"""A delivery on a phone in a cellar: what is done without network is sent once when it returns, and nothing is written over."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.orders.allotting import write_allotments
from marketplace.orders.booking_models import Allotment, Basket, Submission
from marketplace.orders.models import Shift
from marketplace.orders.totals import Line
from marketplace.organisations.models import Kind, MemberRole, Membership, Organisation, OrganisationKind
from tests.factories import make_booking, make_cycle, make_cycle_product, make_household, make_membership
from tests.functional.keeping import kept_lists, wait_until_kept
from tests.functional.signing_in import press_sign_out, sign_in, sign_out
from tests.functional.test_answering_journey import PHONE, database, looked_at

pytestmark = pytest.mark.needs("chromium")

SHOTS = os.environ.get("JOURNEY_SCREENSHOTS")


@pytest.fixture
def shared_out(live_server, tmp_path_factory):
    """The session of an order of the demo's GAS, shared out; the farm's person helps with the household on shift."""
    now = datetime.now(UTC)
    engine = sa.create_engine(f"sqlite:///{database(tmp_path_factory)}", connect_args={"timeout": 20})
    with Session(engine, expire_on_commit=False) as session:
        referente = session.scalar(sa.select(User).where(User.email == "gas@example.org"))
        helper = session.scalar(sa.select(User).where(User.email == "cascina@example.org"))
        group = session.scalar(
            sa.select(Organisation)
            .join(Membership)
            .join(OrganisationKind)
            .where(Membership.person_id == referente.id, OrganisationKind.kind == Kind.BUYING_GROUP)
        )
        make_membership(session, helper, group, MemberRole.MEMBER)
        bianchi = make_household(session, group, helper, name="Bianchi")
        rossi, verdi = (make_household(session, group, name=name) for name in ("Rossi Pellegrini", "Verdi"))
        cycle = make_cycle(
            session, group, title="Formaggi di novembre", opens_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=2), coordinator_id=referente.id,
        )  # fmt: skip
        cycle.groups[0].places[0].name, cycle.groups[0].places[0].address = "Oratorio", "via dei Tigli 4"
        apples = make_cycle_product(session, cycle, title="Mele renette")
        cheese = make_cycle_product(
            session,
            cycle,
            title="Formaggella",
            variant="stagionata",
            unit="piece",
            price=150_000,
            piece_weight=400,
        )
        milk = make_cycle_product(
            session, cycle, title="Latte crudo", unit="bottle", price=18_000, deposit=50
        )
        for household in (bianchi, rossi, verdi):
            make_booking(session, cycle, household, apples, 2500)
        make_booking(session, cycle, rossi, cheese, 2000)
        make_booking(session, cycle, rossi, milk, 3000)
        session.scalar(sa.select(Basket).where(Basket.household_id == rossi.id)).note = "suonare due volte"
        session.add(
            Shift(
                place_id=cycle.groups[0].places[0].id, household_id=bianchi.id,
                starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3),
            )
        )  # fmt: skip
        write_allotments(session, cycle)
        cycle.fixed_at = now
        session.commit()
        yield session, cycle
    engine.dispose()


def waiting(page, number: int) -> None:
    page.locator(f"#sync[data-waiting='{number}']").wait_for()


def test_what_is_ticked_without_network_is_sent_once_and_a_conflict_is_shown(new_page, axe, shared_out):
    session, cycle = shared_out
    rossi = session.scalar(
        sa.select(Basket).join(Basket.bookings).where(Basket.note != "", Basket.cycle_id == cycle.id)
    )
    apples, cheese, milk = (product.id for product in cycle.products)

    def line(product):
        session.rollback()
        return session.get(Allotment, (product, rossi.id), populate_existing=True)

    def sent():
        session.rollback()
        return session.scalar(sa.select(sa.func.count(Submission.key)).where(Submission.cycle_id == cycle.id))

    night = f"/orders/{cycle.id}/delivery/{cycle.groups[0].places[0].id}"
    phone, desk = new_page(viewport=(PHONE["width"], PHONE["height"])), new_page(javascript=False)
    sign_in(phone, "cascina@example.org")
    sign_in(desk, "gas@example.org")

    phone.goto(f"/orders/{cycle.id}/delivery")
    looked_at(phone, axe, "delivery-index-on-shift", SHOTS)
    phone.get_by_role("link", name="Oratorio").first.click()
    card = phone.locator(f"#b{rossi.id}")
    card.locator("summary").first.click()
    assert "suonare" not in phone.locator("main").inner_text()
    target = card.locator(".hand-tick").first.bounding_box()
    assert target["height"] >= 48
    wait_until_kept(phone)
    phone.context.set_offline(True)
    card.locator(f"input[name=weight-{cheese}]").fill("0,837")
    card.locator(f"input[name=tick-{apples}]").check()
    waiting(phone, 2)
    # the phone puts the page away, and it is opened anew: as it was, with what was done since
    phone.reload()
    phone.locator("#kept").wait_for()
    waiting(phone, 2)
    card.locator("summary").first.click()
    assert card.locator(f"input[name=tick-{apples}]").is_checked()
    assert card.locator(f"input[name=weight-{cheese}]").input_value() == "0,837"
    card.locator(f"input[name=returned-{milk}]").fill("2")
    card.locator("input[name=collected]").check()
    waiting(phone, 4)
    assert "4 " in phone.locator("#sync").inner_text()
    assert card.locator(".is-unsent").count() == 4
    assert sent() == 0
    assert axe(phone) == []
    if SHOTS:
        phone.screenshot(path=f"{SHOTS}/delivery-offline-390.png", full_page=True)

    # meanwhile the referente, who has network and no script, writes another weight
    desk.goto(f"{night}?open={rossi.id}")
    assert "suonare due volte" in desk.locator("main").inner_text()
    form = desk.locator(f"#b{rossi.id} form").first
    form.locator(f"input[name=weight-{cheese}]").fill("0,800")
    form.get_by_role("button").click()
    desk.locator(".notice-success").wait_for()
    assert line(cheese).weight == 800

    phone.context.set_offline(False)
    waiting(phone, 0)
    assert "0,8" in phone.locator("#told").inner_text()
    assert "0,837" in phone.locator("#told").inner_text()
    assert (line(cheese).weight, line(milk).returned) == (800, 2)
    assert line(apples).ticked_at is not None
    assert sent() == 5  # one of the desk, four of the phone
    cents = Line(0, 0, 0, 0, 2000, "piece", 150_000, piece_weight=400, weight=800).goods + 1250 + 540 + 50
    assert f"{cents // 100},{cents % 100:02d}" in card.locator("[data-total]").inner_text()

    # opened anew without network the list is as old as it was, but shows what has been sent since
    phone.context.set_offline(True)
    phone.reload()
    phone.locator("#kept").wait_for()
    card.locator("summary").first.click()
    assert card.locator(f"input[name=tick-{apples}]").is_checked()
    assert card.locator("input[name=collected]").is_checked()
    assert card.locator(f"input[name=weight-{cheese}]").input_value() == "0,8"
    assert f"{cents // 100},{cents % 100:02d}" in card.locator("[data-total]").inner_text()
    phone.context.set_offline(False)
    phone.locator("#kept a").click()
    phone.locator("#kept").wait_for(state="hidden")
    assert sent() == 5
    card.locator("summary").first.click()

    # the site took it, but the answer was lost: it comes again under the same key
    lost = []

    def lose(route):
        route.fetch()
        route.abort()
        lost.append(route)

    phone.route("**/delivery/actions", lose)
    card.locator(f"input[name=tick-{cheese}]").check()
    while not lost:
        phone.wait_for_timeout(50)
    assert sent() == 6
    waiting(phone, 1)
    phone.unroute("**/delivery/actions")
    # the phone put the page away; it is opened again and sends what it kept
    phone.reload()
    waiting(phone, 0)
    assert phone.locator(f"input[name=tick-{cheese}]").is_checked()
    assert sent() == 6
    phone.locator("#told").get_by_role("button").click()
    phone.reload()
    assert phone.locator("#told .notice").count() == 0

    # a box goes to a neighbour, who had none
    phone.locator(f"#b{rossi.id} > summary").click()
    give = phone.locator(f"#b{rossi.id} form[data-move]")
    phone.locator(f"#b{rossi.id} .hand-different > summary").last.click()
    give.locator("select[name=product]").select_option(str(cheese))
    give.locator("input[name=quantity]").fill("1")
    give.locator("select[name=to]").select_option(label="Verdi")
    give.get_by_role("button").click()
    phone.wait_for_url("**#b*")
    phone.locator("details.hand[open]").wait_for()
    assert line(cheese).delivered == 1000
    looked_at(phone, axe, "delivery-night", SHOTS)
    for path in (f"{night}/print", f"/orders/{cycle.id}/shifts"):
        phone.goto(path)
        looked_at(phone, axe, f"delivery-{path.rsplit('/', 1)[1]}", SHOTS)

    # signing out takes the list from the phone, though no network tells anybody
    phone.goto(night)
    wait_until_kept(phone)
    phone.context.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_INTERNET_DISCONNECTED"), phone.expect_navigation():
        press_sign_out(phone)
    with pytest.raises(PlaywrightError, match="ERR_FAILED"):
        phone.goto(night)
    phone.context.set_offline(False)
    phone.goto(night)
    wait_until_kept(phone)
    sign_out(phone, "cascina@example.org")
    assert kept_lists(phone) == []
    # the next one to use the phone keeps their own list, and it goes when the delivery is over
    sign_in(phone, "gas@example.org")
    phone.goto(night)
    wait_until_kept(phone)
    assert len(kept_lists(phone)) == 1

    desk.goto(f"/orders/{cycle.id}/delivery")
    assert "Verdi" in desk.locator("#to-copy").input_value()
    desk.locator("form[action$='/delivery/done'] button").click()
    desk.locator(".notice-success").wait_for()
    session.refresh(cycle)
    assert cycle.delivered_at is not None
    phone.reload()
    phone.locator("#night:not([data-worker])").wait_for()
    assert kept_lists(phone) == []
    reader = new_page()
    sign_in(reader, "gas@example.org")
    for path in ("delivery", "shifts"):
        reader.goto(f"/orders/{cycle.id}/{path}")
        looked_at(reader, axe, f"{path}-referente", SHOTS)

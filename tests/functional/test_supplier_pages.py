"""The supplier's side of an order in a real browser: sent, corrected by a link without account, decided, costs seen."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.orders.allotting import write_allotments
from marketplace.organisations.invitations import hash_of
from marketplace.organisations.models import MemberRole
from tests.factories import make_membership
from tests.functional.signing_in import sign_in
from tests.functional.test_answering_journey import database, looked_at
from tests.marketplace.order_sheets.house import House

pytestmark = pytest.mark.needs("chromium")

SHOTS = os.environ.get("JOURNEY_SCREENSHOTS")
TOKEN = "a-token-of-thirty-two-random-bytes"


@pytest.fixture
def house(live_server, tmp_path_factory):
    """An order that was sent an hour ago; the demo's referente coordinates it."""
    now = datetime.now(UTC)
    engine = sa.create_engine(f"sqlite:///{database(tmp_path_factory)}", connect_args={"timeout": 20})
    with Session(engine, expire_on_commit=False) as session:
        house = House(session)
        make_membership(
            session,
            session.scalar(sa.select(User).where(User.email == "gas@example.org")),
            house.group,
            MemberRole.EDITOR,
        )
        house.cycle.opens_at, house.cycle.closes_at = now - timedelta(days=9), now - timedelta(hours=2)
        write_allotments(session, house.cycle)
        house.cycle.fixed_at, house.cycle.sent_at = now - timedelta(hours=2), now - timedelta(hours=1)
        house.source.sent_at, house.source.token_hash = house.cycle.sent_at, hash_of(TOKEN)
        session.commit()
        yield house
    engine.dispose()


def test_a_supplier_corrects_an_order_by_its_link_and_the_coordinator_decides(new_page, axe, house):
    supplier, desk = (
        new_page(),
        new_page(),
    )
    supplier.goto(f"/supplier-orders/{TOKEN}")
    looked_at(supplier, axe, "supplier-link", SHOTS)
    assert "Famiglia" not in supplier.locator("main").inner_text()
    supplier.locator(f"#deliver-{house.oranges.id}").fill("5")
    supplier.locator("main details summary").first.click()
    supplier.locator(f"#instead-{house.oranges.id}").select_option("new")
    supplier.locator(f"#instead-title-{house.oranges.id}").fill("Clementine")
    supplier.locator(f"#instead-price-{house.oranges.id}").fill("1,50")
    supplier.locator("#message").fill("Le arance sono poche quest'anno.")
    looked_at(supplier, axe, "supplier-link-filled", SHOTS)
    supplier.get_by_role("button", name="Conferma").click()
    supplier.locator(".notice-success").wait_for()
    assert "Clementine" in supplier.locator("main").inner_text()

    sign_in(desk, "gas@example.org")
    desk.goto(f"/orders/{house.cycle.id}/suppliers")
    looked_at(desk, axe, "supplier-coordinator", SHOTS)
    desk.get_by_role("button", name="Accetta").click()
    desk.locator(".notice-success").wait_for()
    assert "Clementine al posto di Arance" in desk.locator("#to-copy").input_value()
    desk.goto(f"/orders/{house.cycle.id}/costs")
    desk.locator("#label").fill("Trasporto dalla Calabria")
    desk.locator("#amount").fill("12,00")
    desk.get_by_role("button", name="Mostra per chi cambia").click()
    desk.locator("#changes").wait_for()
    assert "Famiglia Ombrosa" in desk.locator("main").inner_text()
    looked_at(desk, axe, "supplier-costs", SHOTS)

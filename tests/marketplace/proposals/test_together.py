"""Who could answer together, by the same match as the demand's page; and the text to pass on."""

from datetime import timedelta

from marketplace.organisations.models import Kind
from marketplace.proposals.together import together
from tests.factories import (
    NOW,
    make_area,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.people import browser_of

CARROTS, APPLES = "food.vegetables.carrots", "food.fruit.apples"


def test_two_who_each_have_one_line_are_proposed_together_and_invited_by_one_button(app, session):
    group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
    demand = make_demand(
        session,
        group,
        closes_at=NOW + timedelta(days=10_000),
        lots=(
            make_lot(1, category=CARROTS, quantity=5000, unit="kg"),
            make_lot(2, category=APPLES, quantity=5000, unit="kg"),
        ),
    )
    editors = []
    for category in (CARROTS, APPLES):
        farm, editor = make_organisation(session), make_user(session)
        make_membership(session, editor, farm)
        make_area(session, farm)
        make_offer(session, farm, category=category)
        editors.append((farm, editor))
    session.commit()
    with app.test_request_context():
        found = together(session, demand, NOW)
    (one,) = found.found.found
    assert {farm.id for farm, _editor in editors} == set(one.supplier_ids) == found.eligible
    assert one.is_whole
    assert not found.one_suffices

    (first, leader), (second, partner) = editors
    browser = browser_of(app, leader)
    page = browser.get(f"/demands/{demand.id}/together").text
    assert second.name in page
    assert f'name="partner" value="{second.id}"' in page
    sent = browser.post(f"/demands/{demand.id}/partners", data={"as": first.slug, "partner": str(second.id)})
    assert sent.status_code == 302
    invited = browser_of(app, partner).get(f"/demands/{demand.id}/answer").text
    assert first.name in invited
    assert 'value="agree"' in invited


def test_the_text_to_pass_on_is_there_without_a_script_and_for_anybody(client, session):
    demand = make_demand(session, make_organisation(session, kinds=(Kind.BUYING_GROUP,)), title="Arance")
    session.commit()
    page = client.get(f"/demands/{demand.id}/share").text
    assert "Richiesta: Arance" in page
    assert f"/demands/{demand.id}</textarea>" in page

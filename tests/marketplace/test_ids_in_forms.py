"""What no browser sends as an id, in the forms that carry one beside their address: refused or passed over, never a fault."""

import pytest

from marketplace.organisations.models import Kind
from tests.factories import make_demand, make_membership, make_organisation, make_user
from tests.support.people import browser_of


@pytest.mark.parametrize("id_", ["9" * 30, "9" * 5000, "²", "-1", ""])
def test_an_id_that_is_none_does_nothing(app, session, id_):
    group, person = make_organisation(session, kinds=(Kind.BUYING_GROUP,)), make_user(session)
    make_membership(session, person, group)
    need, board = (
        make_demand(session, group),
        make_demand(session, make_organisation(session), type="co_design"),
    )
    session.commit()
    browser = browser_of(app, person)
    for path, name, status in (
        (f"/demands/{need.id}/pooling/open", "offer", 404),
        (f"/demands/{need.id}/pooling/agree", "common", 404),
        (f"/demands/{board.id}/board/leave", "organisation", 404),
        (f"/organisations/{group.slug}/catalogue/copy", "offer", 302),
    ):
        assert browser.post(path, data={name: id_}).status_code == status, path

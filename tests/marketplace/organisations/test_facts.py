"""Claims as facts: the number and the day, and nothing that somebody else's text could do."""

from datetime import date

from marketplace import engines
from marketplace.organisations.facts import facts
from tests.factories import make_claim, make_offer, make_organisation

TODAY = date(2026, 11, 20)


def told(app, claims, titles=None):
    with app.test_request_context("/", headers={"Accept-Language": "it"}):
        return facts(claims, engines.criteria(), TODAY, "it", titles)


def test_what_is_valid_comes_first_and_what_expired_says_so(app, session):
    organisation = make_organisation(session)
    expired = make_claim(session, organisation, expires=date(2026, 11, 19))
    last_day = make_claim(session, organisation, criterion="fair_trade", expires=TODAY)
    assert [(fact.criterion, fact.expired) for fact in told(app, [expired, last_day])] == [
        ("fair_trade", False),
        ("organic", True),
    ]


def test_the_details_of_a_proof_are_told_by_their_names(app, session):
    (fact,) = told(app, [make_claim(session, make_organisation(session))])
    assert "IT-BIO-000" in fact.text
    assert "codice operatore 0000" in fact.text


def test_nobody_has_checked_what_was_not_verified(app, session):
    (fact,) = told(app, [make_claim(session, make_organisation(session), verified=False)])
    assert fact.verified_on is None


def test_what_holds_for_one_offer_names_it(app, session):
    organisation = make_organisation(session)
    offer = make_offer(session, organisation, title="Pane")
    (fact,) = told(app, [make_claim(session, organisation, offer)], {offer.id: offer.title})
    assert fact.offer == "Pane"


def test_a_criterion_that_is_gone_is_left_out_and_a_link_that_would_run_is_none(app, session):
    organisation = make_organisation(session)
    gone = make_claim(session, organisation, criterion="gone")
    hostile = make_claim(session, organisation, link="javascript:alert(1)")
    assert [fact.link for fact in told(app, [gone, hostile])] == [""]

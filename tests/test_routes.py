"""Every route states its access rule, and every kind of person meets it.

``tests/routes.txt`` is the reviewed table: method, address, rule. A route that is not in it, or states another
rule, fails; whoever adds one adds its line and says in the review why the rule is right.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from marketplace.orders.models import OrderSeries
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.permissions import Rule, rule_of
from tests.answer_factories import make_question
from tests.factories import (
    NOW,
    make_area,
    make_attachment,
    make_claim,
    make_cycle,
    make_demand,
    make_demand_draft,
    make_document,
    make_household,
    make_import_run,
    make_invitation,
    make_membership,
    make_offer,
    make_organisation,
    make_private_list,
    make_production_place,
    make_public_record,
    make_user,
)
from tests.marketplace.accounts.people import make_person, sign_in

TABLE = Path(__file__).with_name("routes.txt")
#: Everybody, on the database that answers sooner; on the other one who sees no page and who sees every page.
_ASKING = [
    *(("sqlite", name) for name in ("anonymous", "owner", "editor", "member", "stranger", "suspended")),
    *(pytest.param("postgres", name, marks=pytest.mark.needs("postgres")) for name in ("anonymous", "owner")),
]
_RANK = {Rule.MEMBER: 0, Rule.EDITOR: 1, Rule.OWNER: 2}
#: What stands for the parts of addresses that name no thing of ours.
_PARTS = {
    "filename": {"static": "css/incontro.css", "bootstrap.static": "css/bootstrap.min.css"},
    "token": "a-token-of-nobody",
    "code": "it",
    "photo_id": "1",
    "cost_id": "1",
    "shift_id": str(10**9),
    "turn": "take",
    "what": "withdraw",
    "form": "list",
    "group_id": "1",
    "source_id": str(10**9),
    "product_id": str(10**9),
    "file_kind": "pdf",
    "step": "again",
    "verdict": "accept",
    "answer": "admit",
    "width": "320",
    "topic": "joining",
    "kind": "csv",
    "kept_id": "1",
    "extension": "txt",
    "conversation_id": str(10**9),
    "message_id": str(10**9),
    "decision": "agree",
    "meeting_id": str(10**9),
    "search_id": str(10**9),
    "account_id": str(10**9),
    "basket_id": str(10**9),
    "entry_id": str(10**9),
    "line_id": str(10**9),
    "change": "book",
    "ending": "pdf",
    "invoice_id": str(10**9),
    "import_id": str(10**9),
    "year": "2026",
    "delegation_id": {"admin.end_delegation": 10**9},
}
#: End what the others need, the session or the membership; see tests/marketplace/accounts/test_signing_in.py and
#: tests/marketplace/organisations/test_members.py.
_ENDS_IT = {"security.logout", "organisations.leave"}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule


def test_every_route_is_in_the_reviewed_table_with_its_rule(app):
    stated = {f"{method} {rule.rule} {rule_of(app, rule.endpoint)}" for method, rule in routes(app)}
    reviewed = {" ".join(line.split()) for line in TABLE.read_text(encoding="utf-8").splitlines() if line}
    assert stated == reviewed


@dataclass(frozen=True)
class Person:
    """Somebody who asks for everything, and the organisation whose things they ask for."""

    email: str | None
    organisation: Organisation
    role: MemberRole | None = None

    def expected(self, rule: Rule, any_standing: bool = False) -> str | None:
        """The refusal that the rule owes this person, if any; some pages are also for who does not stand."""
        if rule is Rule.PUBLIC:
            return None
        if self.email is None:
            return "not_signed_in"
        if rule is Rule.SECRETARIAT:
            return "not_found"
        if rule is Rule.SIGNED_IN:
            return None
        if self.role is None:
            return "not_found"
        if _RANK[Rule(self.role)] < _RANK[rule]:
            return "not_allowed"
        if any_standing:
            return None
        return None if self.organisation.status == Status.ACTIVE else "organisation_not_active"


def people(session: Session) -> dict[str, Person]:
    house, elsewhere = make_organisation(session), make_organisation(session)
    suspended = make_organisation(session, status=Status.SUSPENDED)
    found = {"anonymous": Person(None, house)}
    for name, belongs_to, role in (
        ("owner", house, MemberRole.OWNER),
        ("editor", house, MemberRole.EDITOR),
        ("member", house, MemberRole.MEMBER),
        ("stranger", elsewhere, MemberRole.OWNER),
        ("suspended", suspended, MemberRole.OWNER),
    ):
        person = make_person(session)
        make_membership(session, person, belongs_to, role)
        asked = house if name == "stranger" else belongs_to
        found[name] = Person(person.email, asked, role if asked is belongs_to else None)
    session.commit()
    return found


#: What stands for ids of things that an organisation owns.
_MAKERS = {
    "draft_id": lambda session, organisation: make_demand_draft(session, organisation).id,
    "attachment_id": lambda session, organisation: (
        make_attachment(session, make_demand(session, organisation)).id
    ),
    "wish_id": lambda session, organisation: make_demand(session, published_at=None).id,
    "question_id": lambda session, organisation: (
        make_question(session, make_demand(session, organisation), make_organisation(session)).id
    ),
    "run_id": lambda session, organisation: make_import_run(session, organisation).id,
    "list_id": lambda session, organisation: make_private_list(session, organisation).id,
    "cycle_id": lambda session, organisation: make_cycle(session, organisation).id,
    "series_id": lambda session, organisation: _series(session, organisation).id,
    "household_id": lambda session, organisation: make_household(session, organisation).id,
    "area_id": lambda session, organisation: make_area(session, organisation).id,
    "place_id": lambda session, organisation: make_production_place(session, organisation).id,
    "claim_id": lambda session, organisation: make_claim(session, organisation).id,
    "document_id": lambda session, organisation: make_document(session, organisation).id,
    "record_id": lambda session, organisation: make_public_record(session, organisation).id,
    "reader_id": lambda session, organisation: make_organisation(session).id,
    "invitation_id": lambda session, organisation: make_invitation(session, organisation).id,
    "person_id": lambda session, organisation: (
        make_membership(session, make_user(session), organisation, MemberRole.MEMBER).person_id
    ),
}


def _series(session: Session, organisation: Organisation) -> OrderSeries:
    row = OrderSeries(
        organisation_id=organisation.id, every_weeks=2, starts_on=NOW.date(), pattern={}, created_at=NOW
    )
    session.add(row)
    session.flush()
    return row


def address(rule, adapter, organisation: Organisation, session: Session) -> str:
    values = {}
    for argument in rule.arguments:
        if argument == "slug":
            values[argument] = organisation.slug
        elif argument == "offer_id":
            values[argument] = make_offer(session, organisation).id
        elif argument == "demand_id":
            values[argument] = make_demand(session, organisation).id
        elif argument in _MAKERS:
            values[argument] = _MAKERS[argument](session, organisation)
        else:
            part = _PARTS[argument]
            values[argument] = part if isinstance(part, str) else part[rule.endpoint]
    session.commit()
    return adapter.build(rule.endpoint, values)


@pytest.mark.parametrize(("database", "name"), _ASKING, indirect=["database"])
def test_every_route_treats_everybody_by_its_rule(app, client, session, name):
    person = people(session)[name]
    if person.email:
        assert sign_in(client, person.email).status_code == 302
    refusals = {"not_signed_in", "not_allowed", "organisation_not_active"}
    wrong = []
    for method, rule in routes(app):
        if rule.endpoint in _ENDS_IT:
            continue
        path = address(rule, app.url_map.bind(""), person.organisation, session)
        answer = client.open(path, method=method, headers={"Accept": "application/json"})
        code = answer.json["error"]["code"] if answer.status_code >= 400 and answer.is_json else None
        any_standing = getattr(app.view_functions[rule.endpoint], "any_standing", False)
        expected = person.expected(rule_of(app, rule.endpoint), any_standing)
        if answer.status_code >= 500 or (code != expected if expected else code in refusals):
            wrong.append((method, path, answer.status_code, code, expected))
    assert wrong == []


def test_without_a_session_pages_lead_to_the_sign_in(app, client, session):
    organisation = make_organisation(session)
    for method, rule in routes(app):
        if method == "GET" and rule_of(app, rule.endpoint) is not Rule.PUBLIC:
            answer = client.get(address(rule, app.url_map.bind(""), organisation, session))
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/login?next=/")


def test_the_things_of_another_organisation_stay_as_they_are(app, client, session):
    person = people(session)["stranger"]
    sign_in(client, person.email)
    offer = make_offer(session, person.organisation, title="Intatta")
    session.commit()
    before = offer.title, offer.status, offer.version
    for method, rule in routes(app):
        if "offer_id" in rule.arguments and method == "POST":
            path = app.url_map.bind("").build(rule.endpoint, {"offer_id": offer.id})
            assert client.post(path, data={"title": "Rubata", "organisation_id": "1"}).status_code == 404
    session.refresh(offer)
    assert (offer.title, offer.status, offer.version) == before

"""Commands for whoever runs an installation."""

import pytest
import sqlalchemy as sa

from marketplace import create_app
from marketplace.audit import AuditEvent
from marketplace.db import db
from marketplace.demo import _people
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.outbox import OutboxEntry, Topic
from marketplace.schema import is_current
from tests.conftest import app_config
from tests.factories import make_membership, make_offer, make_organisation, make_user
from tests.support.databases import ON_SQLITE


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=arguments)


def test_init_makes_the_tables_and_may_be_repeated(tmp_path):
    app = create_app(app_config("", tmp_path))
    for _ in range(2):
        result = run(app, "init")
        assert (result.exit_code, result.output) == (0, "The database is ready.\n")
    with app.app_context():
        assert is_current()


def test_reindex_counts_what_it_indexed(fresh_app):
    with fresh_app.app_context():
        for _ in range(3):
            make_offer(db.session, make_organisation(db.session))
        make_offer(db.session, make_organisation(db.session, status=Status.APPLICANT))
        db.session.commit()
    result = run(fresh_app, "reindex")
    assert result.exit_code == 0, result.output
    assert "3 offers indexed." in result.output


@pytest.mark.parametrize(
    "command, before, after",
    [
        ("approve", Status.APPLICANT, Status.ACTIVE),
        ("approve", Status.SUSPENDED, Status.ACTIVE),
        ("suspend", Status.ACTIVE, Status.SUSPENDED),
    ],
)
@ON_SQLITE
def test_an_organisation_is_approved_and_suspended(fresh_app, command, before, after):
    with fresh_app.app_context():
        make_organisation(db.session, slug="cascina", status=before)
        db.session.commit()
    result = run(fresh_app, "organisation", command, "cascina")
    assert (result.exit_code, result.output) == (0, f"cascina is now {after}.\n")
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(Organisation.status)) == after
        assert db.session.scalar(sa.select(OutboxEntry.topic)) == Topic.SUPPLIER
        event = db.session.scalar(sa.select(AuditEvent))
        assert (event.verb, event.details) == ("organisation.standing", {"before": before, "after": after})


@ON_SQLITE
def test_approving_again_changes_nothing(fresh_app):
    with fresh_app.app_context():
        make_organisation(db.session, slug="cascina")
        db.session.commit()
    assert "already active" in run(fresh_app, "organisation", "approve", "cascina").output
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) == 0


@ON_SQLITE
def test_an_unknown_organisation_is_named(fresh_app):
    result = run(fresh_app, "organisation", "approve", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.output


def test_the_demonstration_lists_its_people_and_what_for(session):
    shown = make_organisation(session, name="GAS di prova", demo=True)
    make_membership(session, make_user(session, email="gas@example.org"), shown, MemberRole.EDITOR)
    real = make_organisation(session, name="Vera", demo=False)
    make_membership(session, make_user(session, email="vera@example.org"), real)
    make_user(session, email="desk@example.org", duties=("secretariat",))
    assert _people() == [("gas@example.org", "GAS di prova (editor)"), ("desk@example.org", "secretariat")]

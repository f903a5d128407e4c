"""Errors become HTTP in one place: a page for people, one shape for programs."""

import pytest
from flask import abort
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from marketplace import create_app, errors
from marketplace.accounts.models import User
from marketplace.db import db
from search.demand import InvalidDemand
from search.engine import EngineUnavailable
from tests.conftest import app_config
from tests.factories import make_user

RAISED = {
    "not-found": (errors.NotFound(), 404, "not_found"),
    "not-allowed": (errors.NotAllowed("No."), 403, "not_allowed"),
    "invalid": (errors.Invalid("Too long.", code="too_long", field="title"), 400, "too_long"),
    "conflict": (errors.Conflict(), 409, "conflict"),
    "busy": (errors.Busy(), 503, "busy"),
    "demand": (InvalidDemand("lots", "too_many"), 400, "too_many"),
    "stale": (StaleDataError(), 409, "conflict"),
    "duplicate": (IntegrityError("insert", {}, Exception()), 409, "conflict"),
    "locked": (OperationalError("begin", {}, Exception("database is locked")), 503, "service_unavailable"),
    "no-index": (EngineUnavailable(), 503, "service_unavailable"),
    "bug": (RuntimeError("secret detail"), 500, "internal_error"),
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    app = create_app(app_config(f"sqlite:///{folder / 'none.db'}", folder, TESTING=False))

    @app.route("/fail/<name>")
    def fail(name):
        raise RAISED[name][0]

    @app.route("/abort/<int:code>")
    def aborted(code):
        abort(code)

    return app.test_client()


@pytest.mark.parametrize("name", RAISED)
def test_a_program_gets_code_message_and_field(failing, name):
    error, status, code = RAISED[name]
    response = failing.get(f"/fail/{name}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.json.keys() == {"error"}
    assert response.json["error"].keys() == {"code", "message", "field"}
    assert response.json["error"]["code"] == code
    assert response.json["error"]["message"]
    assert "secret" not in response.text
    assert response.json["error"]["field"] == getattr(error, "field", None)


@pytest.mark.parametrize("name", RAISED)
def test_a_person_gets_a_page(failing, name):
    response = failing.get(f"/fail/{name}", headers={"Accept": "text/html"})
    assert response.status_code == RAISED[name][1]
    assert response.mimetype == "text/html"
    assert "secret" not in response.text


def test_an_address_of_the_api_answers_json_whoever_asks(failing):
    response = failing.get("/api/v1/nothing", headers={"Accept": "text/html"})
    assert (response.status_code, response.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503])
def test_every_status_has_a_page(failing, code):
    response = failing.get(f"/abort/{code}")
    assert response.status_code == code
    assert 'lang="it"' in response.text


def test_who_may_try_again_is_told_when(failing):
    assert failing.get("/fail/busy").headers["Retry-After"]


def test_a_wrong_method_says_which_are_right(failing):
    response = failing.delete("/login")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("text", ["9" * 5000, str(2**63), "-1", "0", "x"])
def test_impossible_ids_are_no_page(failing, text):
    assert failing.get(f"/offers/{text}").status_code == 404


def test_what_had_been_changed_and_not_committed_is_undone_with_the_error(app, session):
    person = make_user(session, name="Ada")
    session.commit()
    number = person.id

    with app.test_request_context("/", method="POST"):
        db.session.get(User, number).name = "changed"
        db.session.flush()
        assert errors.answer(409, "conflict").status_code == 409
        db.session.commit()
    session.expire_all()
    assert session.get(User, number).name == "Ada"

"""``flask dataset check`` and ``flask dataset load`` as they are typed."""

import sqlalchemy as sa

from marketplace.db import db
from marketplace.organisations.models import Organisation

GOOD = "key,name,kinds,place\na,Cascina di prova,producer,Clusone\n"
BAD = "key,name,kinds,place\na,Cascina di prova,producer,Nessundove\nb,,producer,Clusone\n"


def write(folder, text):
    (folder / "organisations.csv").write_text(text)
    return str(folder)


def count_of(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Organisation.id)))


def test_check_names_every_problem_and_fails(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["dataset", "check", write(tmp_path, BAD)])
    assert result.exit_code == 1
    assert "organisations.csv, line 2, column place: " in result.output
    assert "organisations.csv, line 3, column name: the cell is empty" in result.output
    assert "2 problems in 1 file" in result.output


def test_check_changes_nothing(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["dataset", "check", write(tmp_path, GOOD)])
    assert result.exit_code == 0
    assert "No problems: 1 organisations" in result.output
    assert count_of(app) == 0


def test_load_refuses_a_dataset_with_problems_whole(fresh_app, tmp_path):
    text = GOOD + "b,,producer,Clusone\n"
    result = fresh_app.test_cli_runner().invoke(args=["dataset", "load", write(tmp_path, text)])
    assert result.exit_code == 1
    assert count_of(fresh_app) == 0


def test_load_says_what_it_did_and_that_a_second_time_does_nothing(fresh_app, tmp_path):
    folder = write(tmp_path, GOOD)
    first = fresh_app.test_cli_runner().invoke(args=["dataset", "load", folder, "--demo"])
    second = fresh_app.test_cli_runner().invoke(args=["dataset", "load", folder, "--demo"])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Nothing has changed." not in first.output
    assert "Nothing has changed." in second.output
    assert count_of(fresh_app) == 1

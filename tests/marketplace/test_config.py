"""Settings: an override, else the environment, else a default; each documented."""

import re
from pathlib import Path

import pytest

from marketplace.config import ROOT, SETTINGS, InvalidSetting, flask_config, read_settings

DOCUMENT = ROOT / "docs" / "configuration.md"


def test_an_override_wins_over_the_environment_and_that_over_the_default():
    environment = {"PORT": "9000", "DISTRICT_NAME": " Somewhere "}
    values = read_settings({"PORT": 9001}, environment)
    assert values["PORT"] == 9001
    assert values["DISTRICT_NAME"] == "Somewhere"
    assert values["HOST"] == "127.0.0.1"


@pytest.mark.parametrize(
    "name, text", [("PORT", "x"), ("PORT", "-1"), ("PORT", "１"), ("DEMO", "maybe"), ("GEOCODER", "oracle")]
)
def test_a_setting_that_cannot_be_read_is_named(name, text):
    with pytest.raises(InvalidSetting, match=name):
        read_settings({}, {name: text})


@pytest.mark.parametrize(
    "text, value", [("1", True), ("yes", True), ("0", False), ("", False), ("OFF", False)]
)
def test_yes_and_no_are_read_as_people_write_them(text, value):
    assert read_settings({}, {"DEMO": text})["DEMO"] is value


def test_the_database_lies_in_the_instance_folder_unless_told_otherwise(tmp_path):
    config = flask_config({"INSTANCE": str(tmp_path), "DATABASE_URL": ""})
    assert config["SQLALCHEMY_ENGINES"]["default"]["url"] == f"sqlite:///{tmp_path / 'incontro.db'}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_gets_the_driver_that_is_installed(tmp_path, scheme):
    config = flask_config({"INSTANCE": str(tmp_path), "DATABASE_URL": f"{scheme}://me@host/db"})
    assert config["SQLALCHEMY_ENGINES"]["default"]["url"] == "postgresql+psycopg://me@host/db"


def test_cookies_are_for_secure_connections_where_the_site_is(tmp_path):
    plain = flask_config({"INSTANCE": str(tmp_path), "SITE_URL": ""})
    secure = flask_config({"INSTANCE": str(tmp_path), "SITE_URL": "https://incontro.example.org"})
    assert not plain["SESSION_COOKIE_SECURE"]
    assert secure["SESSION_COOKIE_SECURE"]
    assert secure["REMEMBER_COOKIE_SECURE"]


def test_every_setting_is_documented_and_every_documented_one_exists():
    rows = re.findall(r"^\| (`[A-Z_`, ]+) \|", Path(DOCUMENT).read_text(encoding="utf-8"), re.MULTILINE)
    documented = re.findall(r"[A-Z_]+", " ".join(rows))
    assert sorted(documented) == sorted(SETTINGS)

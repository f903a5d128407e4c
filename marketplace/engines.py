"""Composition root: what the settings name becomes the search engine, the geocoder and the registers.

Registers are read once per process; they never change while it runs. The engine and the geocoder belong
to an application, whose settings say which.
"""

import csv
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

import sqlalchemy as sa
from flask import current_app

from geo.comuni import ComuneRegister
from geo.gazetteer import Gazetteer
from geo.geocoding import Geocoder
from geo.nominatim import INTERVAL_S, Nominatim
from geo.pacing import Pace
from marketplace import rebuild_wish
from marketplace.config import DATA
from marketplace.reference.law import LawTable
from marketplace.reference.legal_forms import LegalForm, load_legal_forms
from marketplace.replicas import REPLICA, reads_from_the_replica
from marketplace.resilient_engine import ResilientEngine
from search.criteria import CriteriaRegister
from search.engine import Engine, SharedEngine
from search.taxonomy import CategoryTree


@cache
def categories() -> CategoryTree:
    """The tree of goods and services."""
    return CategoryTree.load(DATA / "categories.csv")


@cache
def criteria() -> CriteriaRegister:
    """The value criteria and the proofs that each admits."""
    return CriteriaRegister.load(DATA / "criteria.csv")


@cache
def comuni() -> ComuneRegister:
    """Italy's comuni."""
    return ComuneRegister.load(DATA / "geo" / "comuni.csv")


@cache
def cpv_labels(language: str = "it") -> Mapping[str, str]:
    """What each code of the Common Procurement Vocabulary stands for."""
    with open(DATA / "cpv.csv", encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["code"]: row[language] for row in csv.DictReader(lines)})


@cache
def legal_forms() -> Mapping[str, LegalForm]:
    """Legal forms by code, in the order in which they are offered."""
    return MappingProxyType(load_legal_forms(DATA / "legal_forms.csv"))


@cache
def law() -> LawTable:
    """Thresholds, rates and rules of law with the days in which they hold."""
    return LawTable.load(DATA / "law.csv")


@cache
def gazetteer() -> Gazetteer:
    """The offline geocoder, also where another one is configured: for suggestions while typing."""
    return Gazetteer(comuni())


def geocoder() -> Geocoder:
    """The geocoder that ``GEOCODER`` names."""
    if current_app.config["GEOCODER"] == "gazetteer":
        return gazetteer()
    return _made_once("geocoder", _nominatim)


def search_engine() -> Engine:
    """The engine for pages and programs: while the index cannot answer, the database does."""
    return _made_once("search_engine", _resilient)


def index_engine() -> Engine:
    """The engine itself, for the worker and for commands, which must see what is wrong with it."""
    make = {"embedded": _embedded, "postgres": _postgres}[current_app.config["SEARCH_ENGINE"]]
    return _made_once("index_engine", make)


def index_folder() -> Path:
    """Where the embedded engine keeps its index."""
    return Path(current_app.instance_path) / "index"


def load_registers() -> None:
    """Read everything that is read once; a server does it before its processes part, so that they share it."""
    for register in (categories, criteria, comuni, gazetteer):
        register()
    comuni().read_boundaries()
    for language in ("it", "en"):
        cpv_labels(language)


def _made_once(name: str, make):
    made = current_app.extensions.setdefault("engines", {})
    if name not in made:
        made[name] = make()
    return made[name]


def _nominatim() -> Nominatim:
    # all processes of this installation together ask once a second
    pace = Pace(INTERVAL_S, Path(current_app.instance_path) / "nominatim.pace")
    return Nominatim(
        comuni(),
        url=current_app.config["NOMINATIM_URL"],
        user_agent=current_app.config["NOMINATIM_USER_AGENT"],
        pace=pace,
    )


def _embedded() -> Engine:
    from search.embedded import EmbeddedEngine  # slow to import, and commands that do not search need it not

    return EmbeddedEngine(index_folder(), categories(), criteria(), _comune_names())


def _postgres() -> Engine:
    from search.postgres import PostgresEngine, open_engine

    options = current_app.config["SQLALCHEMY_ENGINES"]["default"]
    timeout = options.get("connect_args", {}).get("connect_timeout")
    connections = open_engine(options["url"], connect_timeout=timeout)
    copy = current_app.config["SQLALCHEMY_ENGINES"].get(REPLICA)
    copied = open_engine(copy["url"], connect_timeout=timeout) if copy else None
    return PostgresEngine(
        connections,
        categories(),
        criteria(),
        _comune_names(),
        # the answer and the rows that are shown with it then come from the same database
        replica=lambda: copied if reads_from_the_replica() else None,
    )


def _comune_names() -> dict[str, str]:
    return {comune.istat: comune.name for comune in comuni()}


def _resilient() -> Engine:
    from marketplace.database_engine import DatabaseEngine

    index = index_engine()
    if isinstance(index, SharedEngine):
        options = current_app.config["SQLALCHEMY_ENGINES"]["default"]
        # of its own, so that a reader waits for no place in the pool to say it
        apart = sa.create_engine(
            options["url"],
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args=options.get("connect_args", {}),
        )
        wish_rebuild = partial(rebuild_wish.by_outbox, apart)
    else:
        wish_rebuild = partial(rebuild_wish.by_file, Path(current_app.instance_path))
    return ResilientEngine(index, DatabaseEngine(categories(), criteria()), wish_rebuild)

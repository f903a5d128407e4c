"""The district's own pages: who it is, how this works, what the criteria mean, the small print."""

from functools import cache
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for

from marketplace import engines, i18n
from marketplace.clock import utc_now
from marketplace.config import DATA
from marketplace.permissions import public
from marketplace.reference.law import LawTable
from marketplace.reference.promoters import Promoter, load_promoters
from search.judging import rome_day
from search.proof_fields import PROOF_FIELDS

blueprint = Blueprint("district", __name__)

#: The pages in ``templates/help``; whoever writes one names it here.
HELP_TOPICS = frozenset(
    {
        "answering", "cassa", "catalogue", "claims", "delivery", "importing", "joining", "open_data", "orders",
        "public_bodies", "requests",
    }
)  # fmt: skip


@cache
def promoters() -> tuple[Promoter, ...]:
    return load_promoters(DATA / "promoters.csv")


@cache
def law() -> LawTable:
    return LawTable.load(DATA / "law.csv")


@blueprint.get("/about")
@public
def about():
    return render_template("district/about.html", promoters=promoters())


@blueprint.get("/how-it-works")
@public
def how_it_works():
    return render_template("district/how_it_works.html", law=law().rows_on(rome_day(utc_now())))


@blueprint.get("/criteria")
@public
def criteria():
    return render_template(
        "district/criteria.html", criteria=list(engines.criteria()), proof_fields=PROOF_FIELDS
    )


@blueprint.get("/privacy")
@public
def privacy():
    return render_template("district/privacy.html")


@blueprint.get("/accessibility")
@public
def accessibility():
    return render_template("district/accessibility.html")


@blueprint.get("/help/<topic>")
@public
def help_page(topic):
    """A page of instructions, in Italian, for those who have never used the site."""
    if topic not in HELP_TOPICS:
        abort(404)
    return render_template(f"help/{topic}.html")


@blueprint.get("/language/<code>")
@public
def language(code):
    """Remember a language in this browser and go back to where one was."""
    if code not in i18n.LOCALES:
        abort(404)
    return i18n.remember(redirect(_here(request.args.get("next", ""))), code)


def _here(target: str) -> str:
    """A path of this site, never an address elsewhere."""
    parts = urlsplit(target)
    local = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    )
    return target if local and target.isprintable() else url_for("explore.home")

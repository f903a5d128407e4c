"""Saved searches: the list, keeping one, changing and removing it."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines, words
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.following import followed_by
from marketplace.errors import Conflict, Invalid
from marketplace.explore.parameters import ParsedSearch, parse_search
from marketplace.formats import month_name
from marketplace.i18n import current_language
from marketplace.matches.models import Frequency
from marketplace.notices import search_operations
from marketplace.notices.blueprint import blueprint
from marketplace.notices.forms import FREQUENCIES, PlacedSearchForm, SearchForm
from marketplace.notices.models import SavedSearch
from marketplace.notices.saved_values import DEFAULT_RADIUS_KM, parameters, stored
from marketplace.permissions import signed_in


@blueprint.get("/notices")
@signed_in
def index():
    searches = db.session.scalars(
        sa.select(SavedSearch).where(SavedSearch.person_id == current_user.id).order_by(SavedSearch.id)
    ).all()
    return render_template(
        "notices/index.html",
        rows=[(search, _described(search.query), parameters(search.query)) for search in searches],
        frequencies=FREQUENCIES,
        followed=followed_by(db.session, current_user.id),
    )


@blueprint.route("/notices/new", methods=["GET", "POST"])
@signed_in
def new():
    parsed = _parsed()
    form = _form(parsed)
    kept = stored(
        parsed,
        radius_km=form.radius_km.data if parsed.place else None,
        delivered=bool(parsed.place and form.delivered.data),
    )
    if form.validate_on_submit():
        try:
            search_operations.save_search(
                db.session,
                current_user._get_current_object(),
                name=form.name.data,
                query=kept,
                frequency=Frequency(form.frequency.data),
                now=utc_now(),
            )
        except (Invalid, Conflict) as refused:
            form.name.errors = [*form.name.errors, refused.message]
        else:
            flash(_("Saved: you will be told of what is new."), "success")
            return redirect(url_for("notices.index"))
    return render_template("notices/new.html", form=form, described=_described(kept), asked=parameters(kept))


@blueprint.route("/notices/<id:search_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(search_id):
    search = search_operations.own_search(db.session, current_user, search_id)
    form = SearchForm(data={"name": search.name, "frequency": search.frequency})
    if form.validate_on_submit():
        search_operations.change_search(
            db.session,
            current_user._get_current_object(),
            search_id,
            name=form.name.data,
            frequency=Frequency(form.frequency.data),
            now=utc_now(),
        )
        flash(_("Saved."), "success")
        return redirect(url_for("notices.index"))
    return render_template(
        "notices/new.html", form=form, described=_described(search.query), asked=parameters(search.query)
    )


@blueprint.post("/notices/<id:search_id>/remove")
@signed_in
def remove(search_id):
    search_operations.remove_search(db.session, current_user._get_current_object(), search_id, now=utc_now())
    flash(_("Removed."), "success")
    return redirect(url_for("notices.index"))


def _parsed() -> ParsedSearch:
    return parse_search(
        request.args, geocoder=engines.geocoder(), tree=engines.categories(), criteria=engines.criteria()
    )


def _form(parsed: ParsedSearch) -> SearchForm:
    radius = round(parsed.query.radius_km) if parsed.query.radius_km else DEFAULT_RADIUS_KM
    kept = stored(parsed, radius_km=radius, delivered=False)
    name = ", ".join(_described(kept))[:120]
    if parsed.place is None:
        return SearchForm(data={"name": name, "frequency": Frequency.DAILY})
    return PlacedSearchForm(
        data={"name": name, "frequency": Frequency.DAILY, "radius_km": max(1, radius), "delivered": True}
    )


def _described(kept: dict) -> list[str]:
    """What a saved search asks for, in words, part by part."""
    language = current_language()
    tree, criteria = engines.categories(), engines.criteria()
    parts = [f"“{kept['q']}”"] if kept.get("q") else []
    parts += [tree[code].label(language) for code in kept.get("category", ()) if code in tree]
    parts += [criteria[code].label(language) for code in kept.get("criteria", ()) if code in criteria]
    parts += [str(words.KINDS[kind]) for kind in kept.get("kind", ()) if kind in words.KINDS]
    if kept.get("month"):
        parts.append(month_name(kept["month"]))
    if kept.get("near"):
        parts.append(_("within %(km)s km of %(place)s", km=kept["radius_km"], place=kept["near"]))
    if kept.get("delivered"):
        parts.append(_("or delivered there"))
    return parts

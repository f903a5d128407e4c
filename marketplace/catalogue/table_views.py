"""The whole list of an organisation: changing many at once, copying last season, confirming what still holds."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from marketplace.catalogue import operations, queries, season_copy, table_operations
from marketplace.catalogue.blueprint import blueprint
from marketplace.catalogue.catalogue_words import FIELDS, STATUSES
from marketplace.catalogue.staleness import is_stale
from marketplace.catalogue.table_form import Row, cells_of, read_rows, row_ids
from marketplace.clock import utc_now
from marketplace.converters import written_id, written_page
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.words import mid_sentence

#: Changed offers that the message names; of more it says how many.
NAMED = 8


@blueprint.get("/organisations/<slug>/catalogue")
@member_of(Organisation, "slug")
def table(organisation):
    shown = request.args.get("show")
    shown = shown if shown in queries.SHOWN else None
    page = written_page(request.args.get("page"))
    catalogue = queries.own_catalogue(db.session, organisation.id, shown=shown, page=page, now=utc_now())
    rows = [Row(offer, cells_of(offer)) for offer in catalogue.offers]
    return _page(organisation, rows, catalogue=catalogue, shown=shown, page=page)


@blueprint.post("/organisations/<slug>/catalogue")
@member_of(Organisation, "slug")
def change_table(organisation):
    ids = row_ids(request.form)
    if len(ids) > queries.ROWS:
        ids = ids[: queries.ROWS]
    offers = queries.offers_by_id(db.session, organisation.id, ids)
    if len(offers) < len(set(ids)):
        raise NotFound
    rows, changes = read_rows(request.form, offers)
    if not any(row.errors for row in rows):
        outcome = table_operations.change_rows(db.session, current_user, organisation, changes, now=utc_now())
        if not outcome.problems:
            flash(*_what_changed(outcome, rows))
            # back to the rows that were shown
            return redirect(url_for("catalogue.table", slug=organisation.slug, **_where()))
        for row in rows:
            row.errors = outcome.problems.get(row.offer.id, {})
            row.stored = cells_of(row.offer) if row.offer.id in outcome.conflicts else None
    status = 409 if any(row.stored for row in rows) else 400
    return _page(organisation, rows), status


@blueprint.post("/organisations/<slug>/catalogue/confirm")
@member_of(Organisation, "slug")
def confirm(organisation):
    count = operations.confirm_stale_offers(db.session, current_user, organisation, now=utc_now())
    flash(
        ngettext("%(num)s product is up to date again.", "%(num)s products are up to date again.", count)
        if count
        else _("Everything was up to date already."),
        "success",
    )
    return redirect(url_for("catalogue.table", slug=organisation.slug))


@blueprint.route("/organisations/<slug>/catalogue/copy", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def copy_season(organisation):
    if request.method == "POST":
        ids = [id_ for text in request.form.getlist("offer") if (id_ := written_id(text)) is not None]
        copies = season_copy.copy_offers(db.session, current_user, organisation, ids, now=utc_now())
        flash(
            ngettext(
                "%(num)s draft made: write how much there is, then publish it.",
                "%(num)s drafts made: write how much there is, then publish them.",
                len(copies),
            )
            if copies
            else _("Nothing was chosen that is not in the list already."),
            "success" if copies else "info",
        )
        return redirect(url_for("catalogue.table", slug=organisation.slug, show="draft" if copies else None))
    return render_template(
        "catalogue/copy_season.html",
        organisation=organisation,
        offers=season_copy.withdrawn_offers(db.session, organisation.id),
    )


def _page(organisation: Organisation, rows: list[Row], catalogue=None, shown=None, page=1) -> str:
    now = utc_now()
    return render_template(
        "catalogue/table.html",
        organisation=organisation,
        rows=rows,
        catalogue=catalogue,
        shown=shown,
        page=page,
        per_page=queries.ROWS,
        statuses=STATUSES,
        field_names=FIELDS,
        stale={
            row.offer.id
            for row in rows
            if row.offer.status == "published" and is_stale(row.offer.confirmed_at, now)
        },
        wrong=[row for row in rows if row.errors],
    )


def _where() -> dict[str, str]:
    return {name: request.args[name] for name in ("show", "page") if name in request.args}


def _what_changed(outcome: table_operations.RowsOutcome, rows: list[Row]) -> tuple[str, str]:
    """What is said after saving, and how."""
    if not outcome.changed:
        return _("Nothing was different: nothing was changed."), "info"
    # not from the offers themselves, which the commit has made strangers to this session
    titles = {row.id: row.cells["title"] for row in rows}
    names = {**FIELDS, "status": _("State")}
    said = [
        f"{titles[id_]} ({', '.join(mid_sentence(names[name]) for name in fields)})"
        for id_, fields in list(outcome.changed.items())[:NAMED]
    ]
    more = len(outcome.changed) - len(said)
    text = ngettext("%(num)s product changed:", "%(num)s products changed:", len(outcome.changed))
    text = f"{text} {'; '.join(said)}"
    return (f"{text} {_('and %(count)s more.', count=more)}" if more else f"{text}."), "success"

"""The bank's statement: loaded, looked at line by line, booked by one click each or all sure ones at once."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.queries import households
from marketplace.ledger import queries, sentences, statement_operations, statement_queries
from marketplace.ledger.blueprint import blueprint, group_only
from marketplace.ledger.forms import StatementForm
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of
from marketplace.price_lists.sentences import unreadable
from marketplace.price_lists.sheets.sheet import MAX_BYTES, Unreadable

#: Rows of a file that are named where they could not be read.
_NAMED = 10


@blueprint.route("/organisations/<slug>/cassa/bank", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def bank(organisation):
    group_only(organisation)
    form = StatementForm()
    if form.validate_on_submit():
        try:
            content = form.file.data.stream.read(MAX_BYTES + 1)
            found = statement_operations.read_statement(content)
        except Unreadable as problem:
            form.file.errors = [
                _("No row names its columns: there must be a date and an amount.")
                if problem.code == "no_columns"
                else unreadable(problem)
            ]
        else:
            _load(organisation.id, found)
            return redirect(url_for("ledger.bank", slug=organisation.slug))
    status = 400 if request.method == "POST" else 200
    rows = statement_queries.open_lines(db.session, organisation.id)
    return render_template(
        "ledger/bank.html",
        organisation=organisation,
        form=form,
        rows=rows[: statement_queries.SHOWN],
        more=max(0, len(rows) - statement_queries.SHOWN),
        sure=sum(row.proposal is not None and row.proposal.sure for row in rows),
        done=statement_queries.done_lines(db.session, organisation.id),
        homes=households(db.session, organisation.id, with_left=True),
        suppliers=queries.supplier_names(db.session, organisation.id),
        sentences=sentences,
    ), status


def _load(organisation_id: int, found) -> None:
    loaded = statement_operations.load_statement(
        db.session, current_user, organisation_id, found, now=utc_now()
    )
    flash(_("New lines: %(new)s. There already: %(known)s.", new=loaded.new, known=loaded.known), "success")
    if loaded.unread:
        rows = ", ".join(map(str, loaded.unread[:_NAMED])) + ("…" if len(loaded.unread) > _NAMED else "")
        flash(_("Rows that could not be read: %(rows)s", rows=rows), "warning")


@blueprint.post("/organisations/<slug>/cassa/bank/sure")
@member_of(Organisation, "slug")
def book_sure(organisation):
    slug, organisation_id = organisation.slug, group_only(organisation).id
    count = statement_operations.book_sure_lines(db.session, current_user, organisation_id, now=utc_now())
    flash(_("Payments recorded: %(count)s", count=count), "success")
    return redirect(url_for("ledger.bank", slug=slug))


@blueprint.post("/organisations/<slug>/cassa/bank/<id:line_id>/<any(book, unbook, aside, back):change>")
@member_of(Organisation, "slug")
def change_line(organisation, line_id, change):
    slug, organisation_id, now = organisation.slug, group_only(organisation).id, utc_now()
    try:
        if change == "book":
            household, supplier = _whose(organisation_id)
            statement_operations.book_line(
                db.session, current_user, organisation_id, line_id, now=now, household_id=household, supplier=supplier
            )  # fmt: skip
        elif change == "unbook":
            statement_operations.unbook_line(db.session, current_user, organisation_id, line_id, now=now)
        else:
            statement_operations.set_line_aside(
                db.session, current_user, organisation_id, line_id, aside=change == "aside", now=now
            )
    except (Invalid, Conflict) as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("ledger.bank", slug=slug))


def _whose(organisation_id: int) -> tuple[int | None, str]:
    """The choice of a line: "household-12", "supplier-Forno" or "cost"."""
    kind, _mark, rest = request.form.get("whose", "").partition("-")
    if kind == "household":
        if (household_id := written_id(rest)) is None:
            raise NotFound
        return household_id, ""
    if kind == "supplier":
        if rest not in queries.supplier_names(db.session, organisation_id):
            raise NotFound
        return None, rest
    if kind == "cost":
        return None, ""
    raise Invalid(_("Choose whose it is."), code="missing", field="whose")

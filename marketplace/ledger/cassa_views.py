"""The cassa of a group: what is there, what was moved, and one household's own account."""

import secrets
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id, written_page
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.queries import households, households_of, settings_of
from marketplace.ledger import charge_operations, operations, owing, queries, sentences, transfers
from marketplace.ledger.blueprint import blueprint, group_only
from marketplace.ledger.entries import BANK, CASH
from marketplace.ledger.forms import AmountForm, MovementForm
from marketplace.ledger.models import AccountKind
from marketplace.ledger.movement_kinds import KINDS, Answers
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of
from marketplace.rome_time import ROME

_RECENT = 10


@blueprint.get("/organisations/<slug>/cassa")
@member_of(Organisation, "slug")
def index(organisation):
    group_only(organisation)
    recent, count = queries.entries(db.session, organisation.id, per_page=_RECENT)
    found = queries.balances(db.session, organisation.id)
    return render_template(
        "ledger/index.html",
        organisation=organisation,
        settings=settings_of(db.session, organisation.id),
        homes=[row for row in found if row.account.kind == AccountKind.HOUSEHOLD],
        others=[row for row in found if row.account.kind != AccountKind.HOUSEHOLD],
        orders=owing.orders_to_settle(db.session, organisation.id, utc_now()),
        recent=recent,
        count=count,
        sentences=sentences,
        year=_today().year,
    )


@blueprint.get("/organisations/<slug>/cassa/entries")
@member_of(Organisation, "slug")
def entries(organisation):
    group_only(organisation)
    page = written_page(request.args.get("page"))
    rows, count = queries.entries(db.session, organisation.id, page=page)
    return render_template(
        "ledger/entries.html", organisation=organisation, rows=rows, count=count, page=page,
        per_page=queries.PER_PAGE, sentences=sentences,
    )  # fmt: skip


@blueprint.get("/organisations/<slug>/cassa/accounts/<id:account_id>")
@member_of(Organisation, "slug")
def account(organisation, account_id):
    found = queries.account_of(db.session, group_only(organisation).id, account_id)
    page = written_page(request.args.get("page"))
    rows, count = queries.statement(db.session, found.account, page=page)
    return render_template(
        "ledger/account.html", organisation=organisation, found=found, rows=rows, count=count, page=page,
        per_page=queries.PER_PAGE, sentences=sentences,
    )  # fmt: skip


@blueprint.route("/organisations/<slug>/cassa/new", methods=["GET", "POST"])
@member_of(Organisation, "slug")
def new(organisation):
    """A kind is chosen first; ``instead`` is the entry that the new one takes the place of."""
    group_only(organisation)
    kind = KINDS.get(request.args.get("kind", ""))
    replaced = _replaced(organisation)
    if kind is None:
        return render_template(
            "ledger/choose_kind.html", organisation=organisation, kinds=KINDS, replaced=replaced
        )
    members = households(db.session, organisation.id, with_left=True)
    form = _movement_form(kind, members)
    if form.validate_on_submit():
        try:
            _record(organisation, kind, form, members, replaced)
        except (Invalid, Conflict) as refused:
            db.session.rollback()
            form.form_errors.append(refused.message)
        else:
            flash(_("The movement has been recorded."), "success")
            return redirect(url_for("ledger.index", slug=organisation.slug))
    status = 400 if request.method == "POST" else 200
    return render_template(
        "ledger/movement.html", organisation=organisation, form=form, kind=kind, replaced=replaced,
        suppliers=queries.supplier_names(db.session, organisation.id) if "supplier" in kind.asks else [],
        sentences=sentences,
    ), status  # fmt: skip


def _movement_form(kind, members) -> MovementForm:
    form = MovementForm(key=secrets.token_hex(16), day=_today())
    for name in {"household", "supplier", "through"} - kind.asks:
        del form[name]
    if "household" in form:
        form.household.choices = [(0, "–"), *((home.id, home.name) for home in members)]
    return form


def _record(organisation, kind, form: MovementForm, members, replaced) -> None:
    now = utc_now()
    draft = kind.make(
        Answers(
            form.amount.data,
            form.household.data if "household" in form else 0,
            form.supplier.data if "supplier" in form else "",
            BANK if "through" in form and form.through.data == AccountKind.BANK else CASH,
            [home.id for home in members if home.left_on is None],
        )
    )
    values = {"now": now, "day": form.day.data, "text": form.text.data or ""}
    if replaced is not None:
        operations.correct(db.session, current_user, replaced.entry.id, draft, **values)
        return
    key = f"form:{(form.key.data or secrets.token_hex(16))[:64]}"
    operations.record_movement(db.session, current_user, organisation.id, draft, key=key, **values)


def _replaced(organisation: Organisation):
    text = request.args.get("instead", "")
    if not text:
        return None
    entry_id = written_id(text)
    if entry_id is None:
        raise NotFound
    return queries.one_entry(db.session, organisation.id, entry_id)


@blueprint.get("/organisations/<slug>/cassa/entries/<id:entry_id>")
@member_of(Organisation, "slug")
def entry(organisation, entry_id):
    row = queries.one_entry(db.session, group_only(organisation).id, entry_id)
    return render_template("ledger/entry.html", organisation=organisation, row=row, sentences=sentences)


@blueprint.post("/organisations/<slug>/cassa/entries/<id:entry_id>/take-back")
@member_of(Organisation, "slug")
def take_back(organisation, entry_id):
    slug = organisation.slug
    queries.one_entry(db.session, group_only(organisation).id, entry_id)
    try:
        made = operations.correct(db.session, current_user, entry_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return redirect(url_for("ledger.entry", slug=slug, entry_id=entry_id))
    flash(_("Taken back by an entry of its own."), "success")
    return redirect(url_for("ledger.entry", slug=slug, entry_id=made.id))


@blueprint.post("/organisations/<slug>/cassa/fees")
@member_of(Organisation, "slug")
def fees(organisation):
    slug, organisation_id = organisation.slug, group_only(organisation).id
    year = _today().year
    try:
        count = charge_operations.charge_yearly_fee(
            db.session, current_user, organisation_id, year, now=utc_now()
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("Households charged: %(count)s", count=count), "success")
    return redirect(url_for("ledger.index", slug=slug))


@blueprint.get("/organisations/<slug>/cassa/mine")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def mine(organisation):
    """One's own households only: what is on the account, and how to pay into it."""
    group_only(organisation)
    settings = settings_of(db.session, organisation.id)
    form = AmountForm(request.args)
    asked = form.amount.data if form.validate() else None
    page = written_page(request.args.get("page"))
    own = []
    for home in households_of(db.session, current_user, organisation):
        balance = queries.household_balance(db.session, home.id)
        kept = queries.household_account(db.session, home.id)
        rows, count = queries.statement(db.session, kept, page=page) if kept else ([], 0)
        cents = asked or max(-balance, 0)
        code = transfers.qr_code(settings, home.id, home.name, cents)
        own.append(
            {
                "home": home,
                "balance": balance,
                "rows": rows,
                "count": count,
                "cents": cents,
                "reference": transfers.reference(home.id),
                "picture": code.svg_data_uri(scale=5, border=2) if code else None,
            }
        )
    return render_template(
        "ledger/mine.html", organisation=organisation, settings=settings, own=own, form=form, page=page,
        per_page=queries.PER_PAGE, sentences=sentences,
    )  # fmt: skip


def _today() -> date:
    return utc_now().astimezone(ROME).date()

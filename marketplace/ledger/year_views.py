"""A year of the cassa, as a page and as files, and all its movements for the treasurer."""

from datetime import date

from flask import Response, render_template
from flask_babel import gettext as _

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.file_answers import made_file
from marketplace.i18n import current_language
from marketplace.ledger import queries, sentences, yearly
from marketplace.ledger.blueprint import blueprint, group_only
from marketplace.organisations.models import Organisation
from marketplace.organisations.slugs import slugify
from marketplace.permissions import member_of

_MIMETYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@blueprint.get("/organisations/<slug>/cassa/years/<id:year>")
@member_of(Organisation, "slug")
def year(organisation, year):
    # here: the libraries of files are slow to import
    from marketplace.ledger import exports

    report = yearly.year_report(db.session, group_only(organisation).id, _checked(year))
    return render_template(
        "ledger/year.html", organisation=organisation, year=year, this_year=utc_now().year,
        tables=exports.year_tables(report), empty=not report.rows, sentences=sentences,
    )  # fmt: skip


@blueprint.get("/organisations/<slug>/cassa/years/<id:year>/report.<any(pdf, xlsx):ending>")
@member_of(Organisation, "slug")
def year_file(organisation, year, ending):
    # here: the libraries of files are slow to import
    from marketplace.ledger import exports

    report = yearly.year_report(db.session, group_only(organisation).id, _checked(year))
    content = (
        exports.year_pdf(organisation.name, report, current_language(), utc_now())
        if ending == "pdf"
        else exports.xlsx_file(exports.year_tables(report))
    )
    return _file(content, ending, f"{organisation.slug}-{year}")


@blueprint.get("/organisations/<slug>/cassa/years/<id:year>/entries.<any(csv, xlsx):kind>")
@member_of(Organisation, "slug")
def entries_file(organisation, year, kind):
    # here: the libraries of files are slow to import
    from marketplace.ledger import exports

    year = _checked(year)
    rows, _count = queries.entries(
        db.session,
        group_only(organisation).id,
        per_page=None,
        first=date(year, 1, 1),
        last=date(year, 12, 31),
    )
    table = exports.entries_table(rows)
    content = exports.csv_file(table) if kind == "csv" else exports.xlsx_file({_("Movements"): table})
    return _file(content, kind, f"{organisation.slug}-{year}-{_('movements')}")


def _file(content: bytes, kind: str, name: str) -> Response:
    return made_file(content, _MIMETYPES[kind], f"{slugify(name)}.{kind}")


def _checked(year: int) -> int:
    if not yearly.FIRST <= year <= yearly.LAST:
        raise NotFound
    return year

"""The form of one proof of one criterion: exactly the fields that the proof must carry, each with its own check."""

import re
from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from marketplace.evidence.chain import CHAIN_CRITERIA, PLACE_FIELDS
from marketplace.evidence.documents import Upload
from marketplace.evidence.operations import ClaimValues, needs_document
from marketplace.form_files import why_refused
from marketplace.form_text import LineField, LinkField
from marketplace.i18n import current_language
from marketplace.organisations.models import Claim
from marketplace.plain_decimals import NotPlain, read_decimal, write_decimal
from marketplace.upload_content import MAX_BYTES, Refused, media_type
from search.criteria import Criterion, Proof
from search.proof_fields import PROOF_FIELDS, ProofField

MAX_DETAIL = 300
_CONTROL_BODY = re.compile(r"IT-BIO-[0-9]{3}")
_CNEL = re.compile(r"[A-Z][0-9A-Z]{3}")
#: Days that nobody means.
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)


class ProofFormBase(FlaskForm):
    """What :func:`proof_form` completes; ``codes`` are the fields of the proof."""

    codes: tuple[str, ...] = ()
    document = FileField()

    def values(self) -> ClaimValues:
        details = {
            code: _as_text(self[code])
            for code in self.codes
            if code not in ("link", "expiry") and code in self
        }
        kept = self["document_id"].data if "document_id" in self else None
        return ClaimValues(
            details={code: text for code, text in details.items() if text},
            link=self["link"].data or "" if "link" in self else "",
            expires=self["expiry"].data if "expiry" in self else None,
            upload=self.upload,
            document_id=int(kept) if kept else None,
            at_seat=bool("at_seat" in self and self["at_seat"].data),
        )

    @property
    def upload(self) -> Upload | None:
        return getattr(self, "_upload", None)

    def validate_document(self, field: FileField) -> None:
        file = field.data
        if isinstance(file, FileStorage) and file.filename:
            content = file.stream.read(MAX_BYTES + 1)
            try:
                media_type(content)
            except Refused as refused:
                raise ValidationError(why_refused(refused.fault)) from None
            self._upload = Upload(content, file.filename)


def proof_form(
    criterion: Criterion,
    proof: Proof,
    *,
    today: date,
    claim: Claim | None = None,
    documents: tuple[tuple[int, str], ...] = (),
    declared_places: bool = False,
) -> ProofFormBase:
    """The form, filled with ``claim`` where one is changed.

    ``documents`` are those that the organisation keeps already; for the criteria of the chain the places are
    those declared, so that only who declared none is asked whether all happens at the seat.
    """
    codes = criterion.proofs[proof]
    fields: dict[str, object] = {"codes": codes}
    for code in codes:
        if criterion.code in CHAIN_CRITERIA and code in PLACE_FIELDS:
            continue
        made = _MAKERS.get(code) or _KINDS[PROOF_FIELDS[code].kind]
        fields[code] = made(PROOF_FIELDS[code], today)
    if criterion.code in CHAIN_CRITERIA and not declared_places:
        fields["at_seat"] = BooleanField(_("We grow or raise, and process, at our seat and nowhere else"))
    if documents:
        fields["document_id"] = SelectField(
            _("Document that you already keep here"),
            [Optional()],
            choices=[SelectChoice("", _("None"))] + [SelectChoice(str(id_), name) for id_, name in documents],
        )
    required = needs_document(proof) and not documents
    fields["document"] = FileField(
        _("Document (PDF, JPEG or PNG, at most 10 MB)"),
        [DataRequired(_("Add the certificate."))] if required else [Optional()],
        description=_("Seen by you, by whoever checks it and by those you allow."),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )
    return type("ProofForm", (ProofFormBase,), fields)(data=_filled(claim) if claim else None)


def _filled(claim: Claim) -> dict[str, object]:
    values: dict[str, object] = dict(claim.details)
    for code, text in claim.details.items():
        if code in PROOF_FIELDS and PROOF_FIELDS[code].kind == "date":
            values[code] = date.fromisoformat(text)
    return values | {
        "link": claim.link,
        "expiry": claim.expires,
        "document_id": str(claim.document_id or ""),
    }


def _as_text(field: Field) -> str:
    return field.data.isoformat() if isinstance(field.data, date) else (field.data or "")


def _needed() -> InputRequired:
    return InputRequired(_("This is needed with this proof."))


def _line(field: ProofField, today: date, *checks: Callable, **kwargs) -> LineField:
    return LineField(field.label(current_language()), [_needed(), Length(max=MAX_DETAIL), *checks], **kwargs)


def _day(field: ProofField, today: date) -> DateField:
    def past(form, it) -> None:
        if it.data is not None and not _EARLIEST <= it.data <= today:
            raise ValidationError(_("This day is still to come, or too long ago."))

    return DateField(field.label(current_language()), [_needed(), past])


def _expiry(field: ProofField, today: date) -> DateField:
    def future(form, it) -> None:
        if it.data is not None and not today <= it.data <= _LATEST and it.data != it.object_data:
            raise ValidationError(_("It has expired already.") if it.data < today else _("This is too far."))

    return DateField(field.label(current_language()), [_needed(), future])


def _link(field: ProofField, today: date) -> LinkField:
    return LinkField(field.label(current_language()), [_needed(), Length(max=255)])


def _percent(field: ProofField, today: date) -> LineField:
    def share(form, it) -> None:
        try:
            count = read_decimal(str(it.data).removesuffix("%").strip(), 0)
        except NotPlain:
            raise ValidationError(_("Please write a whole number.")) from None
        if not 0 <= count <= 100:
            raise ValidationError(_("A share is between 0 and 100."))
        it.data = write_decimal(count, 0)

    return _line(field, today, share, render_kw={"inputmode": "numeric"})


def _control_body(field: ProofField, today: date) -> LineField:
    def pattern(form, it) -> None:
        it.data = (it.data or "").upper().replace(" ", "-")
        if not _CONTROL_BODY.fullmatch(it.data):
            raise ValidationError(_("It is written IT-BIO- and three digits, such as IT-BIO-009."))

    return _line(field, today, pattern)


def _cnel(field: ProofField, today: date) -> LineField:
    def pattern(form, it) -> None:
        it.data = (it.data or "").upper()
        if not _CNEL.fullmatch(it.data):
            raise ValidationError(_("The code of CNEL has four characters, such as T151."))

    return _line(field, today, pattern)


def _count(field: ProofField, today: date) -> LineField:
    def whole(form, it) -> None:
        text = it.data or ""
        if not (text.isascii() and text.isdigit() and len(text) < 4):
            raise ValidationError(_("Please write a whole number."))
        it.data = str(int(text))

    return _line(field, today, whole, render_kw={"inputmode": "numeric"})


#: Fields with a rule of their own, then each kind of :mod:`search.proof_fields`.
_MAKERS = {"control_body": _control_body, "ccnl": _cnel, "intermediaries": _count, "expiry": _expiry}
_KINDS = {"text": _line, "date": _day, "url": _link, "percent": _percent, "comuni": _line}

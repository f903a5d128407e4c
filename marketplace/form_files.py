"""A field for one file of a form: what it is, its content says."""

from collections.abc import Set
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from marketplace.form_text import one_line
from marketplace.office_content import OFFICE
from marketplace.upload_content import (
    ATTACHMENTS,
    DOCUMENTS,
    EXTENSIONS,
    JPEG,
    MAX_BYTES,
    XML,
    Fault,
    Refused,
    media_type,
)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came: its bytes, the name that its owner knows it by, and what it is."""

    content: bytes
    name: str
    media_type: str


class DocumentField(FileField):
    """At most one file of the kinds ``allowed``, of at most 10 MB; ``sent``, or ``None`` where none was chosen."""

    def __init__(self, label=None, validators=None, *, allowed: Set[str] = ATTACHMENTS, **kwargs):
        super().__init__(label, validators, **kwargs)
        accepted = sorted(EXTENSIONS[kind] for kind in allowed) + [".jpeg"] * (JPEG in allowed)
        self.render_kw = {"accept": ",".join(accepted)} | (self.render_kw or {})
        self.allowed = allowed
        self.sent: SentFile | None = None

    def pre_validate(self, form) -> None:
        file = self.data
        if not (isinstance(file, FileStorage) and file.filename):
            return
        content = file.stream.read(MAX_BYTES + 1)
        try:
            kind = media_type(content, allowed=self.allowed)
        except Refused as refused:
            raise ValidationError(why_refused(refused.fault, self.allowed)) from None
        self.sent = SentFile(content, one_line(file.filename)[:160], kind)


def why_refused(fault: Fault, allowed: Set[str] = DOCUMENTS) -> str:
    """What is wrong with an upload, in words, where the kinds ``allowed`` are taken."""
    return {
        Fault.EMPTY: _("This file is empty."),
        Fault.TOO_LARGE: _("This file is too large: at most 10 MB."),
        Fault.OTHER_KIND: _(
            "Only PDF, ODT, DOCX, XLSX, JPEG and PNG: this file is something else, whatever its name says."
        )
        if allowed & OFFICE
        else _("Only PDF, JPEG, PNG and XML: this file is something else, whatever its name says.")
        if XML in allowed
        else _("Only PDF, JPEG and PNG: this file is something else, whatever its name says."),
        Fault.MACROS: _("This file contains macros: save it without them, or as PDF."),
        Fault.DAMAGED: _("This file is damaged or not whole: save it again and retry."),
    }[fault]

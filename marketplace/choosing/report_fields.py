"""What only the buyer knows and a relazione istruttoria needs, by name, in the order of the form.

The report itself is in Italian, as the file that it goes into; so are the blanks that it leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class ReportField:
    """``label`` and ``hint`` on the form; ``blank`` is what stands in the report, in Italian, while it is empty."""

    label: object
    hint: object
    blank: str
    lines: int = 3


MAX_LENGTH = 5000

REPORT_FIELDS: Mapping[str, ReportField] = {
    "reference": ReportField(
        _("File or protocol number"), _("As your own system calls it."), "numero di protocollo o fascicolo", 1
    ),
    "rup": ReportField(_("Who is responsible (RUP)"), "", "nome e ruolo del RUP", 1),
    "need": ReportField(
        _("Why it is needed"),
        _("The need, in the words of the office."),
        "motivazione del fabbisogno",
    ),
    "not_looked_at": ReportField(
        _("Who was not looked at, and why"),
        _("Operators that you know and did not consider."),
        "operatori noti non considerati e motivo, oppure «nessuno»",
    ),
    "outside_operators": ReportField(
        _("Operators from outside also considered"),
        _("Found on MePA, Sintel or by other ways: name, how, answer."),
        "operatori esterni al distretto considerati dal RUP, oppure «nessuno»",
    ),
    "previous_contractor": ReportField(
        _("Previous contractor"),
        _("Name and act of the last award."),
        "affidatario uscente e atto, oppure «nessuno»",
        2,
    ),
    "rotation": ReportField(
        _("Rotation"),
        _("How it was applied, or why it was waived."),
        "applicazione della rotazione o motivo della deroga",
    ),
    "cam": ReportField(
        _("Environmental criteria (CAM) of the category"),
        _("The decree and how it was taken into account, or why there is none."),
        "decreto CAM della categoria e come è stato applicato, oppure «nessun CAM per questa categoria»",
    ),
    "price": ReportField(_("Whether the price is adequate"), "", "valutazione della congruità del prezzo"),
    "conflict": ReportField(
        _("Conflict of interest"),
        _("Declarations taken, of whom and when."),
        "dichiarazioni sull'assenza di conflitti d'interesse, di chi e quando",
    ),
    "platform": ReportField(_("Certified platform and CIG"), "", "piattaforma certificata usata e CIG", 1),
    "conclusion": ReportField(_("Conclusion"), "", "conclusione e proposta"),
}

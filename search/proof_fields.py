"""What a proof may have to carry: the closed list of fields that ``data/criteria.csv`` refers to.

A field's ``kind`` says how a form reads it: ``text``, ``date``, ``url``, ``percent`` or ``comuni`` (one or more
Italian municipalities).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ProofField:
    """One thing that a claim carries with its proof, with its labels for forms and pages."""

    code: str
    kind: str
    label_it: str
    label_en: str

    def label(self, language: str = "it") -> str:
        """The label in ``it`` or ``en``; Italian for any other language."""
        return self.label_en if language == "en" else self.label_it


_FIELDS = (
    ProofField(
        "agreement",
        "text",
        "Numero dell'atto, del patto o della convenzione",
        "Number of the deed or agreement",
    ),
    ProofField(
        "authority",
        "text",
        "Ente che ha sottoscritto o rilasciato",
        "Signing or issuing body",
    ),
    ProofField(
        "cam",
        "text",
        "Decreto CAM della categoria",
        "Minimum environmental criteria decree of the category",
    ),
    ProofField(
        "ccnl",
        "text",
        "Codice CNEL del contratto collettivo (CCNL)",
        "CNEL code of the collective agreement",
    ),
    ProofField("certificate", "text", "Numero del certificato", "Certificate number"),
    ProofField(
        "control_body",
        "text",
        "Organismo di controllo (IT-BIO-nnn)",
        "Control body (IT-BIO-nnn)",
    ),
    ProofField("body", "text", "Organismo che certifica", "Certifying body"),
    ProofField("date", "date", "Data", "Date"),
    ProofField("expiry", "date", "Ultimo giorno di validità", "Last day of validity"),
    ProofField(
        "intermediaries",
        "text",
        "Intermediari tra chi produce e chi consuma (0 o 1)",
        "Intermediaries between producer and consumer (0 or 1)",
    ),
    ProofField("link", "url", "Pagina del registro", "Page of the register"),
    ProofField("number", "text", "Numero di iscrizione", "Registration number"),
    ProofField("operator_code", "text", "Codice operatore", "Operator code"),
    ProofField(
        "pact",
        "text",
        "Patto firmato con il gruppo di acquisto",
        "Pact signed with the purchasing group",
    ),
    ProofField(
        "price_sheet",
        "text",
        "Scheda di composizione del prezzo",
        "Sheet of what makes up the price",
    ),
    ProofField(
        "processing_places",
        "comuni",
        "Comuni di trasformazione",
        "Municipalities of processing",
    ),
    ProofField(
        "production_places",
        "comuni",
        "Comuni di produzione delle materie prime",
        "Municipalities where raw materials are produced",
    ),
    ProofField("register", "text", "Registro, albo o elenco", "Register or list"),
    ProofField(
        "scheme",
        "text",
        "Schema, marchio o denominazione",
        "Scheme, mark or designation",
    ),
    ProofField("section", "text", "Sezione", "Section"),
    ProofField(
        "share",
        "percent",
        "Quota di lavoratori con disabilità o svantaggiati",
        "Share of disabled or disadvantaged workers",
    ),
    ProofField(
        "spg",
        "text",
        "Sistema di garanzia partecipata (SPG)",
        "Participatory guarantee system",
    ),
    ProofField("statement", "text", "Che cosa si dichiara", "What is declared"),
    ProofField("visitor", "text", "Gruppo che ha visitato", "Group that visited"),
)

PROOF_FIELDS: Mapping[str, ProofField] = MappingProxyType({field.code: field for field in _FIELDS})

"""Claims as facts that people read: what the proof says, with number and date, never a medal (PRACTICE, Values 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from geo.areas import Place
from marketplace import formats
from marketplace.evidence import chain
from marketplace.organisations.models import Claim
from marketplace.prose import web_link
from marketplace.words import mid_sentence
from search.criteria import CriteriaRegister, Proof
from search.proof_fields import PROOF_FIELDS

#: Fields shown elsewhere on the same line.
_SHOWN_ELSEWHERE = frozenset({"expiry", "link"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One characteristic and how it is verified; ``expired`` ones are told, and count for nothing."""

    criterion: str
    label: str
    meaning: str
    proof: str
    text: str
    expires: date | None
    expired: bool
    verified_on: datetime | None
    link: str
    offer: str | None = None


def facts(
    claims: Iterable[Claim],
    criteria: CriteriaRegister,
    today: date,
    language: str,
    offer_titles=None,
    *,
    at: Place | None = None,
    whole: bool = False,
) -> list[Fact]:
    """Claims in words, valid ones first. ``offer_titles`` names the offer of a claim that holds for one only.

    "Chilometro zero" and "filiera corta" are said only where the places that the claim carries meet
    L. 61/2022, for goods sold or consumed ``at`` a place where one is given; ``whole`` is for who checks, and
    sees all.
    """
    found = []
    for claim in claims:
        criterion = criteria.get(claim.criterion)
        if criterion is None or not (whole or may_be_shown(claim, at, today)):
            continue
        proof = claim.proof
        if proof == Proof.SIGNED and claim.verified_at is None and claim.document_id is None:
            # written and not signed yet: a plain declaration, where the criterion admits one
            proof = Proof.DECLARED.value
            if not (whole or criterion.admits(proof)):
                continue
        found.append(
            Fact(
                criterion=claim.criterion,
                label=criterion.label(language),
                meaning=criterion.meaning(language),
                proof=proof,
                text=_details(claim.details, language),
                expires=claim.expires,
                expired=claim.expires is not None and claim.expires < today,
                verified_on=claim.verified_at,
                link=web_link(claim.link),
                offer=(offer_titles or {}).get(claim.offer_id),
            )
        )
    return sorted(found, key=lambda fact: fact.expired)


def may_be_shown(claim: Claim, at: Place | None, today: date) -> bool:
    """Whether the criterion may be named: the words of L. 61/2022 only where it is met."""
    if claim.criterion not in chain.CHAIN_CRITERIA:
        return True
    places = chain.places_in_words(claim.details)
    point, province = (at.point, at.province) if at is not None else (None, None)
    return chain.may_be_said(claim.criterion, places, claim.details, point, province, today)


def _details(details: dict, language: str) -> str:
    parts = []
    for code, value in details.items():
        field = PROOF_FIELDS.get(code)
        if field is None or code in _SHOWN_ELSEWHERE or not value:
            continue
        if field.kind == "date":
            value = formats.day(date.fromisoformat(value))
        elif field.kind == "percent":
            value = _("%(share)s %%", share=value)
        elif isinstance(value, list):
            value = ", ".join(str(item) for item in value)
        # without what a label explains to who fills it in: "(IT-BIO-nnn)"
        label, _hint, _rest = field.label(language).partition(" (")
        parts.append(f"{mid_sentence(label)} {value}")
    return ", ".join(parts)

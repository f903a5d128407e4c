"""What an application still lacks before it can be handed in. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.organisations.identifiers import missing_number
from marketplace.organisations.member_types import NATURAL_PERSON
from marketplace.organisations.models import Kind, Organisation, Status
from marketplace.reference.legal_forms import LegalForm


class Step(StrEnum):
    """The pages of an application, in their order."""

    IDENTITY = "identity"
    SEAT = "seat"
    PLACES = "places"
    CONTACTS = "contacts"
    CHARTER = "charter"


def steps_of(organisation: Organisation) -> list[Step]:
    """The steps that concern this one: only who makes or processes something has places of production."""
    makes = Kind.PRODUCER in organisation.kind_codes
    return [step for step in Step if step is not Step.PLACES or makes]


def is_draft(organisation: Organisation) -> bool:
    return organisation.status == Status.APPLICANT and organisation.submitted_at is None


def is_waiting(organisation: Organisation) -> bool:
    return organisation.status == Status.APPLICANT and organisation.submitted_at is not None


def is_person(organisation: Organisation) -> bool:
    return organisation.legal_form == NATURAL_PERSON


def only_concerns_its_owner(organisation: Organisation) -> bool:
    """An application that was never approved, or a person's own adherence: who made it may delete it."""
    return organisation.status == Status.APPLICANT or is_person(organisation)


def lacking(organisation: Organisation, forms: Mapping[str, LegalForm]) -> list[Step]:
    """The steps without which nobody can decide; adherence to the charter is given on handing in."""
    found = []
    form = forms.get(organisation.legal_form)
    number = missing_number(form, organisation.vat_number, organisation.tax_code)
    if form is None or number or not (organisation.kind_codes or is_person(organisation)):
        found.append(Step.IDENTITY)
    if organisation.comune is None:
        found.append(Step.SEAT)
    if not organisation.email and not organisation.phone:
        found.append(Step.CONTACTS)
    return found

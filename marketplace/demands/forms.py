"""What is asked of whoever publishes a request, by its type; and how much each thing counts."""

from collections.abc import Mapping
from functools import cache

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, Form, FormField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from geo.areas import Place
from marketplace import words
from marketplace.clock import utc_now
from marketplace.demands.models import DemandType
from marketplace.demands.need_form import MAX_LOTS, MAX_WEIGHT, NeedForm, PlacedForm, TopicForm
from marketplace.demands.particulars import fields_of
from marketplace.demands.particulars_form import particulars_form
from marketplace.demands.proofs_form import keep_provable, proofs_form
from marketplace.demands.types import ALWAYS_SEALED, PUBLIC_TYPES, RANKED_TYPES
from marketplace.form_choices import Lines
from marketplace.form_fields import MoneyField, WholeNumberField
from marketplace.form_files import DocumentField
from marketplace.form_points import DegreesField, check_point, chosen_place
from marketplace.form_text import LineField, LinkField, ProseField
from marketplace.rome_time import RomeMomentField
from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.demand import Profile, Weights


class _PublishedForm(PlacedForm):
    """What every published request says of itself."""

    title = LineField(_("Title"), [DataRequired(_("Give it a title.")), Length(max=160)])
    description = ProseField(_("Description"), [Optional(), Length(max=10_000)])
    questions_until = RomeMomentField(_("Questions until (day and hour, in Italy)"), [Optional()])
    closes_at = RomeMomentField(_("Answers until (day and hour, in Italy)"))
    period_from = DateField(_("From (day)"), [Optional()])
    period_until = DateField(_("Until (day, included)"), [Optional()])
    notice_link = LinkField(_("Address of the page with the documents"), [Length(max=255)])
    document = DocumentField(_("A file to attach"))
    # after the place, which it is compared with; not Optional, because that would end the chain before
    near_confirmed = BooleanField(_("Yes, this is the municipality"))
    lat = DegreesField(_("Latitude"), limit=90)
    lon = DegreesField(_("Longitude"), limit=180)
    document_title = LineField(_("What the file is"), [Optional(), Length(max=160)])
    #: Ticked by whoever has read what is to be known before publishing.
    confirmed = BooleanField(_("I have read this and publish all the same"))

    #: The municipality in which the chosen point lies, where a person must confirm another one than written.
    doubtful: str = ""

    def __init__(self, formdata, *args, type_: DemandType, **kwargs):
        super().__init__(formdata, *args, **kwargs)
        self._type = type_
        self.notice_link.flags.optional = type_ is not DemandType.NOTICE_ELSEWHERE
        self.closes_at.flags.optional = type_ not in ALWAYS_SEALED
        if type_ is DemandType.NOTICE_ELSEWHERE:
            # asked where the notice stands
            del self.questions_until

    def take_defaults(self) -> None:
        """For a form that nobody has filled in yet: a box is ticked where its type would have it so."""
        for particular in fields_of(self._type):
            if particular.default:
                self.particulars.form[particular.name].data = True

    def validate_near(self, field) -> None:
        if field.is_nowhere:
            raise ValidationError(
                _("This place is not in Italy: write an Italian municipality or postal code.")
            )

    def validate_lat(self, field) -> None:
        check_point(self)

    def place(self) -> Place:
        return chosen_place(self)

    def validate_closes_at(self, field) -> None:
        if field.data is None and not field.errors and self._type in ALWAYS_SEALED:
            raise ValidationError(
                _("Write until when: answers of this kind are opened at that moment, and not before.")
            )
        _must_be_ahead(field)

    def validate_questions_until(self, field) -> None:
        _must_be_ahead(field)
        if field.data is not None and self.closes_at.data is not None and field.data >= self.closes_at.data:
            raise ValidationError(_("Questions must end before answers do."))

    def validate_period_until(self, field) -> None:
        if field.data and self.period_from.data and field.data < self.period_from.data:
            raise ValidationError(_("The last day comes before the first."))

    def validate_notice_link(self, field) -> None:
        if self._type is DemandType.NOTICE_ELSEWHERE and not field.data:
            raise ValidationError(_("Write the address of the notice."))


def _must_be_ahead(field) -> None:
    if field.data is not None and field.data <= utc_now():
        raise ValidationError(_("This moment has passed: choose a later one."))


class PostDemandForm(NeedForm, _PublishedForm):
    """A need that is published in an organisation's name. Its type says whose rules hold, not the form."""

    proofs = FormField(proofs_form, label=_("How it must be proved"))
    estimated_value = MoneyField(_("Estimated value, without VAT"), [Optional()], minimum=1)

    def __init__(self, formdata, *args, type_: DemandType, **kwargs):
        profile = Profile.PUBLIC if type_ in PUBLIC_TYPES else Profile.COMMUNITY
        super().__init__(formdata, *args, profile=profile, type_=type_, **kwargs)
        keep_provable(self.proofs.form, profile)
        if type_ not in PUBLIC_TYPES:
            del self.estimated_value
        if type_ is DemandType.SOCIAL_COOP_AGREEMENT:
            # by law with type B co-ops only: nothing to choose
            del self.qualifications


class AnnouncementForm(_PublishedForm):
    """A request that ranks nobody and asks no prices: a consultation, a board, a notice elsewhere."""

    lots = Lines(FormField(TopicForm), label=_("What is it about?"), min_entries=1, max_entries=MAX_LOTS)


@cache
def _form_class(type_: DemandType) -> type[PostDemandForm] | type[AnnouncementForm]:
    made = PostDemandForm if type_ in RANKED_TYPES else AnnouncementForm
    return type(made.__name__, (made,), {"particulars": FormField(particulars_form(type_))})


def demand_form(formdata, type_: DemandType) -> PostDemandForm | AnnouncementForm:
    """The form of a type of request; ``formdata`` may be empty, and then the defaults of its type hold."""
    form = _form_class(type_)(formdata, type_=type_)
    if not formdata:
        form.take_defaults()
    return form


class WeightsForm(Form):
    """How much each of the four counts, for whoever moves the sliders of a published demand."""

    fit = WholeNumberField(words.COMPONENTS["fit"], [InputRequired()], maximum=MAX_WEIGHT)
    proximity = WholeNumberField(words.COMPONENTS["proximity"], [InputRequired()], maximum=MAX_WEIGHT)
    values = WholeNumberField(words.COMPONENTS["values"], [InputRequired()], maximum=MAX_WEIGHT)
    price = WholeNumberField(words.COMPONENTS["price"], [InputRequired()], maximum=MAX_WEIGHT)

    def __init__(self, formdata: Mapping, *, weights: Weights):
        self.is_filled = all(component in formdata for component in COMPONENTS)
        super().__init__(formdata if self.is_filled else None)
        if not self.is_filled:
            for component in COMPONENTS:
                given = getattr(weights, component)
                counted = DEFAULT_WEIGHTS[component] if given is None else given
                self[component].data = min(round(counted), MAX_WEIGHT)

    def weights(self) -> Weights:
        return Weights(*(self[component].data for component in COMPONENTS))

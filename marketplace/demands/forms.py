"""What is asked of whoever publishes a request, by its type; and how much each thing counts."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import Form, FormField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from marketplace import words
from marketplace.clock import utc_now
from marketplace.demands.models import DemandType
from marketplace.demands.need_form import MAX_LOTS, MAX_WEIGHT, NeedForm, PlacedForm, TopicForm
from marketplace.demands.types import PUBLIC_TYPES, RANKED_TYPES
from marketplace.form_choices import Lines
from marketplace.form_fields import WholeNumberField
from marketplace.form_text import LineField, LinkField, ProseField
from marketplace.rome_time import RomeMomentField
from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.demand import Profile, Weights


class _PublishedForm(PlacedForm):
    """What every published request says of itself."""

    title = LineField(_("Title"), [DataRequired(_("Give it a title.")), Length(max=160)])
    description = ProseField(_("Description"), [Optional(), Length(max=10_000)])
    closes_at = RomeMomentField(_("Answers until (day and hour, in Italy)"), [Optional()])
    notice_link = LinkField(_("Address of the page with the documents"), [Length(max=255)])

    def __init__(self, *args, type_: DemandType, **kwargs):
        super().__init__(*args, **kwargs)
        self._type = type_
        self.notice_link.flags.optional = type_ is not DemandType.NOTICE_ELSEWHERE

    def validate_closes_at(self, field) -> None:
        if field.data is not None and field.data <= utc_now():
            raise ValidationError(_("This moment has passed: choose a later one."))

    def validate_notice_link(self, field) -> None:
        if self._type is DemandType.NOTICE_ELSEWHERE and not field.data:
            raise ValidationError(_("Write the address of the notice."))


class PostDemandForm(NeedForm, _PublishedForm):
    """A need that is published in an organisation's name. Its type says whose rules hold, not the form."""

    def __init__(self, *args, type_: DemandType, **kwargs):
        profile = Profile.PUBLIC if type_ in PUBLIC_TYPES else Profile.COMMUNITY
        super().__init__(*args, profile=profile, type_=type_, **kwargs)
        if type_ is DemandType.SOCIAL_COOP_AGREEMENT:
            # by law with type B co-ops only: nothing to choose
            del self.qualifications


class AnnouncementForm(_PublishedForm):
    """A request that ranks nobody and asks no prices: a consultation, a board, a notice elsewhere."""

    lots = Lines(FormField(TopicForm), label=_("What is it about?"), min_entries=1, max_entries=MAX_LOTS)


def demand_form(formdata, type_: DemandType) -> PostDemandForm | AnnouncementForm:
    """The form of a type of request."""
    made = PostDemandForm if type_ in RANKED_TYPES else AnnouncementForm
    return made(formdata, type_=type_)


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

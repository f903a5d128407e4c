"""What is asked about an order. Places are four lines at most; without JavaScript empty ones are simply left."""

from datetime import datetime, time, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField, HiddenField, RadioField, SelectField, SubmitField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from marketplace.form_choices import Lines, choices
from marketplace.form_fields import MoneyField, PlainDecimalField, WholeNumberField
from marketplace.form_files import DocumentField
from marketplace.form_text import LineField, ProseField
from marketplace.orders import sentences
from marketplace.orders.models import MinimumChoice
from marketplace.orders.opening_operations import CycleValues, Place
from marketplace.orders.recurrence import MAX_WEEKS, wall_moment
from marketplace.orders.totals import CostKind, SplitBy
from marketplace.rome_time import ROME, RomeMomentField
from marketplace.upload_content import DOCUMENTS

MAX_PLACES = 6
_WHEN = _("Write a date and an hour.")


class PercentField(PlainDecimalField):
    """A percentage; ``data`` in hundredths of a percent."""

    decimals = 2
    default_maximum = 10_000


class PlaceForm(Form):
    name = LineField(_("Place"), [Optional(), Length(max=120)])
    address = LineField(_("Address"), [Optional(), Length(max=200)])
    starts_at = RomeMomentField(_("From"), [Optional()])
    ends_at = RomeMomentField(_("Until"), [Optional()])


class PlacesPart:
    """Where households collect, on a form: as many lines as were asked for."""

    places = Lines(
        FormField(PlaceForm), label=_("Where households collect"), min_entries=1, max_entries=MAX_PLACES
    )

    def validate_places(self, field) -> None:
        if not self.given_places():
            raise ValidationError(gettext("Write one place at least."))

    def add_place(self) -> None:
        if len(self.places) < MAX_PLACES:
            self.places.append_entry()

    def given_places(self) -> list[Place]:
        return [
            Place(
                line.form.name.data,
                line.form.address.data or "",
                line.form.starts_at.data,
                line.form.ends_at.data,
            )
            for line in self.places
            if line.form.name.data
        ]


class PlacesForm(PlacesPart, FlaskForm):
    pass


class CycleForm(PlacesPart, FlaskForm):
    version = HiddenField()
    title = LineField(
        _("Title"), [DataRequired(_("Write a title, such as: Oranges in December.")), Length(max=160)]
    )
    opens_at = RomeMomentField(_("Bookings open"), [InputRequired(_WHEN)])
    closes_at = RomeMomentField(
        _("Bookings close"), [InputRequired(_WHEN)], description=_("At this instant nothing more is taken.")
    )
    completion_until = RomeMomentField(
        _("Completing boxes until"),
        [Optional()],
        description=_("After closing, for a time, only what helps to fill a box that is begun is taken."),
    )
    delivery_from = RomeMomentField(_("Delivery from"), [Optional()])
    delivery_until = RomeMomentField(_("Delivery until"), [Optional()])
    minimum_total = MoneyField(_("Minimum of the whole order"), [Optional()])
    maximum_total = MoneyField(_("Maximum of the whole order"), [Optional()])
    open_to_groups = BooleanField(
        _("Other groups nearby may ask to join"),
        description=_("They see the order, and your group admits each of them or not."),
    )
    every_weeks = WholeNumberField(
        _("Comes back every so many weeks"),
        [Optional()],
        minimum=1,
        maximum=MAX_WEEKS,
        description=_(
            "A draft of the next order is made by itself; it opens only once somebody confirms it."
        ),
    )
    note = ProseField(_("Note for all households"), [Optional(), Length(max=4000)])

    def propose(self, now: datetime) -> None:
        """What most orders are like, for whoever has written nothing yet: a week from now, until late in the evening."""
        today = now.astimezone(ROME).date()
        self.opens_at.data = now.replace(second=0, microsecond=0)
        self.closes_at.data = wall_moment(today + timedelta(days=7), time(22))

    def values(self) -> CycleValues:
        return CycleValues(
            **{name: self[name].data for name in CycleValues.__slots__ if name != "note"},
            note=self.note.data or "",
        )


class CancelForm(FlaskForm):
    reason = ProseField(
        _("Why?"), [Optional(), Length(max=1000)], description=_("Everybody who booked reads it.")
    )


class CostForm(FlaskForm):
    kind = SelectField(_("Kind"), choices=choices(sentences.COST_KINDS), default=CostKind.TRANSPORT.value)
    label = LineField(_("What for"), [DataRequired(_("Write what it is for.")), Length(max=120)])
    amount = MoneyField(_("Amount"), [Optional()])
    percent = PercentField(_("or a percentage of the goods"), [Optional()])
    threshold = MoneyField(_("Only where the goods reach"), [Optional()])
    split_by = SelectField(_("Shared out"), choices=choices(sentences.SPLITS), default=SplitBy.PRICE.value)
    source_id = SelectField(_("On the goods of"), coerce=int, default=0)
    group_id = SelectField(_("Paid by"), coerce=int, default=0)
    document = DocumentField(
        _("Document"),
        allowed=DOCUMENTS,
        description=_("A documented cost needs its receipt or invoice. PDF, JPEG or PNG, at most 10 MB."),
    )
    preview = SubmitField(_("Show whom it changes"))

    def offer(self, sources, groups) -> None:
        """``sources`` and ``groups`` as pairs of id and name; 0 is all of them."""
        self.source_id.choices = [(0, gettext("all suppliers")), *sources]
        self.group_id.choices = [(0, gettext("all groups")), *groups]

    def values(self) -> dict[str, object]:
        names = ("kind", "label", "split_by", "amount", "percent", "threshold")
        return {name: self[name].data for name in names} | {
            "source_id": self.source_id.data or None,
            "group_id": self.group_id.data or None,
        }


class MinimumForm(FlaskForm):
    choice = RadioField(
        _("What becomes of the order?"),
        [InputRequired(_("Choose one."))],
        choices=choices(
            {
                MinimumChoice.EXTENDED: _("More time: bookings stay open"),
                MinimumChoice.MERGED: _("Into the nearest open order of the same supplier"),
                MinimumChoice.SENT_ANYWAY: _("Sent anyway: the supplier agrees"),
                MinimumChoice.RELEASED: _("Everybody is released"),
            }
        ),
    )
    closes_at = RomeMomentField(_("With more time: until"), [Optional()])


class JoinForm(PlacesPart, FlaskForm):
    group = SelectField(_("Group"), coerce=int)
    message = ProseField(_("Message to the coordinator"), [Optional(), Length(max=1000)])

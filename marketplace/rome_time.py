"""Moments as people write them on the wall clock of Rome, where one hour a year is missing and one comes twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import DateTimeLocalField, ValidationError

ROME = ZoneInfo("Europe/Rome")


class NoSuchHour(ValueError):
    """The clock is put forward over this hour: it does not exist on that day."""


class HourTwice(ValueError):
    """The clock is put back over this hour: it comes twice, and a deadline must be one moment."""


def from_rome(wall: datetime) -> datetime:
    """The moment, in UTC, when clocks in Rome show ``wall`` (naive). Raises NoSuchHour or HourTwice."""
    first, second = (wall.replace(tzinfo=ROME, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    # PEP 495: in a gap fold=0 takes the earlier offset and so the later moment; in an overlap the earlier one
    raise NoSuchHour(wall) if first > second else HourTwice(wall)


class RomeMomentField(DateTimeLocalField):
    """A date and hour in Europe/Rome; ``data`` is the moment in UTC."""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(ROME).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValidationError(_("Write a date and an hour, such as 31/05/2027, 12:00.")) from None
        try:
            self.data = from_rome(self.data)
        except NoSuchHour:
            self.data = None
            raise ValidationError(
                _("This hour does not exist on that night: clocks are put forward. Choose another.")
            ) from None
        except HourTwice:
            self.data = None
            raise ValidationError(
                _("This hour comes twice on that night: clocks are put back. Choose another.")
            ) from None
        except OverflowError:
            self.data = None
            raise ValidationError(_("Write a date and an hour, such as 31/05/2027, 12:00.")) from None

"""Moments as people write them on the wall clock of Rome, where one hour a year is missing and one comes twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import DateTimeLocalField, ValidationError

ROME = ZoneInfo("Europe/Rome")
#: The two times of an hour that comes twice, in their order.
SUMMER, WINTER = TWICE = ("summer", "winter")


class NoSuchHour(ValueError):
    """The clock is put forward over this hour: it does not exist on that day."""


class HourTwice(ValueError):
    """The clock is put back over this hour: it comes twice, and a deadline must be one moment."""


def from_rome(wall: datetime, which: str = "") -> datetime:
    """The moment, in UTC, when clocks in Rome show ``wall`` (naive). Raises NoSuchHour or HourTwice.

    ``which`` of an hour that comes twice: :data:`SUMMER` the first, :data:`WINTER` the second; else it says nothing.
    """
    first, second = (wall.replace(tzinfo=ROME, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first < second and which in TWICE:
        return second if which == WINTER else first
    # PEP 495: in a gap fold=0 takes the earlier offset and so the later moment; in an overlap the earlier one
    raise NoSuchHour(wall) if first > second else HourTwice(wall)


def _is_twice(wall: datetime) -> bool:
    try:
        from_rome(wall)
    except HourTwice:
        return True
    except (NoSuchHour, OverflowError):
        pass
    return False


def which_of_two(moment: datetime) -> str:
    """Of a moment in an hour that comes twice, which of the two; empty for every other."""
    local = moment.astimezone(ROME)
    return TWICE[local.fold] if local.hour < 4 and _is_twice(local.replace(tzinfo=None, fold=0)) else ""


def days_later(moment: datetime, days: int) -> datetime:
    """When clocks in Rome show the same hour so many days later; less than 0 is earlier. In UTC."""
    return (moment.astimezone(ROME) + timedelta(days=days)).astimezone(UTC)


class RomeMomentField(DateTimeLocalField):
    """A date and hour in Europe/Rome; ``data`` is the moment in UTC.

    ``is_twice`` says that the hour written comes twice: then the form's own macro asks ``which`` of the two is meant,
    in a further box named like the field with ``-which``.
    """

    is_twice = False
    which = ""

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process(self, formdata, *args, **kwargs) -> None:
        self.which = formdata.get(f"{self.name}-which", "") if formdata else ""
        super().process(formdata, *args, **kwargs)

    def process_data(self, value) -> None:
        super().process_data(value)
        if value:
            wall = value.astimezone(ROME)
            self.is_twice = _is_twice(wall.replace(tzinfo=None))
            self.which = self.which or (TWICE[wall.fold] if self.is_twice else "")

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
            self.is_twice = _is_twice(self.data)
            self.data = from_rome(self.data, self.which)
        except NoSuchHour:
            self.data = None
            raise ValidationError(
                _("This hour does not exist on that night: clocks are put forward. Choose another.")
            ) from None
        except HourTwice:
            self.data = None
            raise ValidationError(
                _(
                    "This hour comes twice on that night: clocks are put back. Say which of the two, or choose another."
                )
            ) from None
        except OverflowError:
            self.data = None
            raise ValidationError(_("Write a date and an hour, such as 31/05/2027, 12:00.")) from None

"""Every kind of mail that is sent, and which of them somebody may do without.

A mail whose kind is not needed carries a link that stops this kind with one click
(:mod:`marketplace.notices.unsubscribing`). Needed are the mails without which an account, a membership, a booking
or an answer that was given could not be kept as agreed, or of which the law wants that people are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _


class MailKind(StrEnum):
    SAVED_SEARCHES = "saved_searches"
    DEMAND_ALERTS = "demand_alerts"
    MESSAGES = "messages"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    FOLLOWED = "followed"
    POOLING = "pooling"
    BOARDS = "boards"
    ORDERS = "orders"
    REMINDERS = "reminders"
    OUTCOMES = "outcomes"
    BOOKINGS = "bookings"
    MEMBERSHIP = "membership"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class AboutKind:
    """How a kind is called, what it tells, and whether people may switch it off."""

    name: object
    tells: object
    optional: bool = True


#: In the order in which they are shown.
MAIL_KINDS: Mapping[MailKind, AboutKind] = {
    MailKind.SAVED_SEARCHES: AboutKind(
        _("Searches that I keep"), _("New products and services for the searches that you saved.")
    ),
    MailKind.DEMAND_ALERTS: AboutKind(
        _("Requests that my organisation could answer"),
        _("As often as you chose in “Who is looking for what we offer”."),
    ),
    MailKind.MESSAGES: AboutKind(
        _("Messages"), _("Somebody wrote to your organisation in a conversation: at most one mail an hour.")
    ),
    MailKind.QUESTIONS: AboutKind(
        _("Questions on requests"), _("A question on your request, or the answer to one that you asked.")
    ),
    MailKind.ANSWERS: AboutKind(
        _("Answers to my requests"), _("A supplier has answered what you asked for.")
    ),
    MailKind.FOLLOWED: AboutKind(
        _("Requests that I follow"), _("One of them was made clear, has closed, or its outcome is known.")
    ),
    MailKind.POOLING: AboutKind(
        _("Needs that add up"), _("Your need and those of other groups together reach a supplier's minimum.")
    ),
    MailKind.BOARDS: AboutKind(
        _("Boards"), _("Meetings and documents of a board on which you work together.")
    ),
    MailKind.ORDERS: AboutKind(
        _("Group orders"), _("An order was opened, is about to close, or lacks little to a whole box.")
    ),
    MailKind.REMINDERS: AboutKind(
        _("Reminders"), _("Proofs about to expire, and products that nobody has confirmed for long.")
    ),
    MailKind.OUTCOMES: AboutKind(
        _("What became of my answer"),
        _("A request that you answered was changed or withdrawn, or its outcome is known."),
        optional=False,
    ),
    MailKind.BOOKINGS: AboutKind(
        _("What I booked"), _("What becomes of a booking of yours, and what there is to pay."), optional=False
    ),
    MailKind.MEMBERSHIP: AboutKind(
        _("Membership"), _("Decisions on your organisation, and invitations to one."), optional=False
    ),
    MailKind.ACCOUNT: AboutKind(
        _("My account"), _("Links to sign in and what concerns your password."), optional=False
    ),
}

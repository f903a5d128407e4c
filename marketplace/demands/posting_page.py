"""The form of a request and its buttons: the same for a new one, for a draft, and for a resident's wish."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.converters import written_id, written_version
from marketplace.db import db
from marketplace.demands import draft_operations, operations, wish_operations
from marketplace.demands.attachment_operations import attach, attachments_of, drop_from_draft
from marketplace.demands.counting import LiveCount, live_count
from marketplace.demands.forms import AnnouncementForm, PostDemandForm, demand_form
from marketplace.demands.law_notes import rules
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.need import months_of_period, need, refuse_what_may_not_be_asked, topic
from marketplace.demands.particulars_form import values
from marketplace.demands.picking import Picker, chosen, name_of, picker
from marketplace.demands.posting_models import DemandDraft
from marketplace.demands.sending import FIELD as SENDING
from marketplace.demands.sending import new_number, sent_as, sent_before
from marketplace.demands.types import RANKED_TYPES
from marketplace.errors import Invalid
from marketplace.i18n import current_language
from marketplace.organisations.models import Organisation
from search import demand as matching
from search.judging import rome_day

PostingForm = PostDemandForm | AnnouncementForm

#: Buttons, and what belongs to one sending only: none of it is part of what was written.
_NOT_WRITTEN = frozenset(
    "csrf_token save publish count more pick pick_words choose attach drop stay draft_version document"
    " document_title confirmed".split()
) | {SENDING}


@dataclass(frozen=True, slots=True)
class Posting:
    """Who posts what: ``organisation`` is ``None`` for a wish, ``draft`` for what has not been saved yet."""

    organisation: Organisation | None
    type_: DemandType
    draft: DemandDraft | None = None

    def answer(self):
        """The whole of the page: the form as it stands, or what its button does."""
        if request.method == "GET":
            written = MultiDict(self.draft.fields) if self.draft else _of_address(request.args)
            return self._page(demand_form(written, self.type_))
        sent = request.form
        form = demand_form(CombinedMultiDict((request.files, _with_choice(sent))), self.type_)
        if "save" in sent:
            return self._save(form)
        if "attach" in sent:
            return self._save(form, with_file=True)
        if "drop" in sent and self.draft:
            return self._drop()
        if "more" in sent:
            form.add_line()
        elif not any(button in sent for button in ("pick", "choose", "stay")):
            return self._count(form) if "count" in sent else self._publish(form)
        return self._page(form)

    # Buttons

    def _save(self, form: PostingForm, *, with_file: bool = False):
        # read before anything is kept: a file that is none must be said
        readable = form.document.validate(form)
        try:
            draft = self._keep(form)
            if with_file and form.document.sent is not None:
                self._attach(draft, form)
        except draft_operations.ChangedMeanwhile as other:
            form.form_errors.append(other.message)
            # whoever saves again after having read this means it
            return self._page(form, version=self.draft.version)
        except Invalid as refused:
            form.form_errors.append(refused.message)
            return self._page(form)
        if with_file and not readable:
            return Posting(self.organisation, self.type_, draft)._page(form, version=draft.version)
        flash(_("Attached, and saved as a draft.") if with_file else _("Saved as a draft."), "success")
        return redirect(url_for("demands.draft", draft_id=draft.id))

    def _keep(self, form: PostingForm) -> DemandDraft:
        title, fields, now = form.title.data or "", written_fields(request.form), utc_now()
        if self.draft is None:
            return draft_operations.begin_draft(
                db.session, current_user, self.organisation, self.type_, title, fields, now=now
            )
        draft_operations.save_draft(
            db.session, current_user, self.draft, title, fields, seen=_version(request.form), now=now
        )
        return self.draft

    def _attach(self, draft: DemandDraft, form: PostingForm) -> None:
        sent = form.document.sent
        attach(
            db.session,
            current_user,
            draft,
            sent.content,
            sent.name,
            form.document_title.data or "",
            now=utc_now(),
        )
        db.session.commit()

    def _drop(self):
        if (attachment_id := written_id(request.form["drop"])) is not None:
            drop_from_draft(db.session, current_user, self.draft, attachment_id, now=utc_now())
            db.session.commit()
        return redirect(url_for("demands.draft", draft_id=self.draft.id, _anchor="attachments"))

    def _count(self, form: PostingForm):
        form.validate()
        counted = self._live_count(form)
        for field in form:
            # not asked for yet: only what stands in the way of counting is said
            if field.short_name in ("title", "fit", "proximity", "values", "price", "proximity_reason"):
                field.errors = ()
        return self._page(form, counted=counted)

    def _publish(self, form: PostingForm):
        if (before := published_by_this_sending()) is not None:
            return _published(before)
        if not form.validate_on_submit():
            return self._page(form, counted=self._live_count(form))
        asked = self._asked(form)
        counted = self._live_count(form)
        if asked is None:
            return self._page(form, counted=counted)
        if counted is not None and counted.must_be_read and not form.confirmed.data:
            form.form_errors.append(
                _("Before you publish, read what is said below of value and requirements.")
            )
            return self._page(form, counted=counted, confirming=True)
        try:
            demand = self._post(form, asked)
        except Invalid as refused:
            if refused.field in form:
                form[refused.field].errors = [refused.message]
            else:
                form.form_errors.append(refused.message)
            return self._page(form, counted=counted)
        return _published(demand)

    def _post(self, form: PostingForm, asked: matching.Demand) -> Demand:
        now = utc_now()
        common = {
            "title": form.title.data,
            "description": form.description.data or "",
            "place_label": form.near.place.label,
            "need": asked,
            "closes_at": form.closes_at.data,
            "questions_until": form.questions_until.data if "questions_until" in form else None,
            "period": (form.period_from.data, form.period_until.data),
            "particulars": values(form.particulars.form, self.type_),
            "notice_link": form.notice_link.data or "",
            "draft": self._draft_with_file(form),
            "sending": _sending(),
            "now": now,
        }
        if self.organisation is None:
            return wish_operations.post_wish(db.session, current_user, **common)
        particulars = form.particulars.form
        return operations.post_demand(
            db.session,
            current_user,
            self.organisation,
            type_=self.type_,
            estimated_value=form.estimated_value.data if "estimated_value" in form else None,
            prompts=particulars.prompts.prompts if "prompts" in particulars else (),
            **common,
        )

    def _draft_with_file(self, form: PostingForm) -> DemandDraft | None:
        """The draft whose files become the demand's; one is begun for a file that came with the last click."""
        if form.document.sent is None:
            return self.draft
        draft = self.draft or draft_operations.begin_draft(
            db.session,
            current_user,
            self.organisation,
            self.type_,
            form.title.data,
            written_fields(request.form),
            now=utc_now(),
        )
        self._attach(draft, form)
        return draft

    # What is asked, and what is shown

    def _asked(self, form: PostingForm) -> matching.Demand | None:
        """The need of a valid form; ``None`` where it breaks a rule, which then stands beside its field."""
        if self.type_ not in RANKED_TYPES:
            return topic(form)
        asked = months_of_period(
            need(form, engines.criteria()), form.period_from.data, form.period_until.data
        )
        broken = refuse_what_may_not_be_asked(form, asked, engines.categories(), engines.criteria())
        return None if broken else asked

    def _live_count(self, form: PostingForm) -> LiveCount | None:
        return live_count(form, self.type_, utc_now()) if self.type_ in RANKED_TYPES else None

    def _page(
        self,
        form: PostingForm,
        *,
        counted: LiveCount | None = None,
        confirming: bool = False,
        version: int | None = None,
    ):
        draft = self.draft
        return render_template(
            "demands/new.html",
            form=form,
            organisation=self.organisation,
            type_=self.type_,
            draft=draft,
            sending=request.form.get(SENDING) or new_number(),
            draft_version=version or _seen_version(draft),
            attachments=attachments_of(db.session, draft) if draft else (),
            picker=_picker(),
            counted=counted,
            confirming=confirming,
            criteria=engines.criteria(),
            rules=rules(engines.law(), self.type_, rome_day(utc_now())),
            is_ranked=self.type_ in RANKED_TYPES,
        )


def written_fields(sent: MultiDict) -> list[tuple[str, str]]:
    """What somebody wrote, without buttons and empty boxes."""
    written = _with_choice(sent)
    return [(name, value) for name, value in written.items(multi=True) if name not in _NOT_WRITTEN and value]


def _of_address(args: MultiDict) -> MultiDict:
    """What was tried before, from the address of the page that tries it."""
    return MultiDict([pair for pair in args.items(multi=True) if pair[0] != "type"])


def _with_choice(sent: MultiDict) -> MultiDict:
    """The form with what was chosen from the tree written into its line."""
    choice = chosen(sent.get("choose", ""))
    if choice is None:
        return sent
    line, code = choice
    changed = MultiDict(sent)
    changed[f"lots-{line}-what"] = name_of(code, engines.categories(), current_language())
    return changed


def published_by_this_sending() -> Demand | None:
    """What the very form that comes now has published already."""
    return sent_before(db.session, current_user, _sending())


def _sending() -> str | None:
    return sent_as(request.form.get(SENDING, ""), written_fields(request.form))


def _published(demand: Demand):
    if demand.type == DemandType.WISH:
        flash(_("Thank you. The district reads it, and then everybody can."), "success")
    else:
        flash(_("Published."), "success")
    return redirect(url_for("demands.show", demand_id=demand.id))


def _picker() -> Picker | None:
    language = current_language()
    return picker(
        request.values.get("pick", ""),
        request.values.get("pick_words", ""),
        engines.categories(),
        engines.cpv_labels(language),
        language,
    )


def _seen_version(draft: DemandDraft | None) -> int | None:
    """The version that the page shows: the one that was opened, also when the form comes back with errors."""
    if draft is None or request.method == "GET":
        return draft.version if draft else None
    return _version(request.form)


def _version(sent: MultiDict) -> int:
    return written_version(sent.get("draft_version"))

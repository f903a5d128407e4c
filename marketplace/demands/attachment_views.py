"""Files beside a request and beside its draft, as they leave here."""

from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import readable_demand
from marketplace.demands.attachment_operations import attachment_of
from marketplace.demands.blueprint import blueprint
from marketplace.demands.draft_operations import own_draft
from marketplace.file_answers import file_answer
from marketplace.permissions import public, signed_in


@blueprint.get("/demands/<id:demand_id>/attachments/<id:attachment_id>")
@public
def attachment(demand_id, attachment_id):
    demand = readable_demand(db.session, current_user, demand_id, utc_now())
    found = attachment_of(db.session, demand, attachment_id)
    return file_answer(found.stored_as, found.media_type, f"{found.title} {found.id}")


@blueprint.get("/demands/drafts/<id:draft_id>/attachments/<id:attachment_id>")
@signed_in
def draft_attachment(draft_id, attachment_id):
    draft = own_draft(db.session, current_user, draft_id)
    found = attachment_of(db.session, draft, attachment_id)
    return file_answer(found.stored_as, found.media_type, f"{found.title} {found.id}")

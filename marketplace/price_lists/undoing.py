"""Undoing an import: only the last one into a list, and only what nobody has changed since."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.catalogue.import_models import ImportRun
from marketplace.errors import Conflict
from marketplace.permissions import require_role
from marketplace.price_lists import queries, targets
from marketplace.price_lists.private_lists import refuse_history
from marketplace.price_lists.targets import target_of


def undo_import(session: Session, actor: User, run: ImportRun, *, now: datetime) -> Mapping[str, int]:
    """Put back what was before the last import; what somebody changed since stays as they left it.

    Gives how many lines were put back and how many were left. Raises :class:`Conflict` if it is not the last.
    """
    require_role(session, actor, run.organisation_id)
    claimed = session.execute(
        sa.update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.done_at.is_not(None), ImportRun.undone_at.is_(None))
        .values(undone_at=now)
    )
    last = queries.runs(session, run.organisation_id, run.target, limit=1)
    if not claimed.rowcount or last[0].id != run.id:
        session.rollback()
        raise Conflict(_("Only the last import can be undone, and once."), code="not_the_last_import")
    target = target_of(session, run.organisation_id, run.target)
    refuse_history(session, target)
    before = {int(line_id): _thawed(values) for line_id, values in run.undo.get("changed", {}).items()}
    created = run.undo.get("created", [])
    untouched = targets.unchanged_since(session, target, [*before, *created], run.done_at)
    targets.delete(session, target, [line_id for line_id in created if line_id in untouched])
    restored = {line_id: values for line_id, values in before.items() if line_id in untouched}
    targets.update(session, target, restored, now)
    result = {"restored": len(untouched), "left": len(before) + len(created) - len(untouched)}
    session.refresh(run)
    run.counts = run.counts | result
    audit.record(session, now=now, actor_id=actor.id, verb="price_list.import_undone", subject=run, **result)
    if untouched:
        target.announce(session, now)
    session.commit()
    return result


def _thawed(values: Mapping[str, object]) -> dict:
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in values.items()}

"""The worker's part of saved searches: which of them new and changed offers answer, and the mails that are due.

Once the index has taken in what was announced of a supplier, the announcement is handed on to here
(:mod:`marketplace.index_upkeep`): what a mail tells of can be found when it is read, and the two never wait for each
other. Looked at are the supplier's offers that changed since, each once for all searches in reverse; a search is
told of an offer once, and only of what changed after it was saved.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.accounts.models import User
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.db import writing
from marketplace.i18n import speaking
from marketplace.matches.alerting import is_due
from marketplace.matches.models import Frequency
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.models import SavedSearch, SearchNews
from marketplace.notices.reverse import ReverseIndex
from marketplace.notices.saved_values import as_kept, parameters
from marketplace.notices.sending import post_notice
from marketplace.organisations.joining_models import Decision
from marketplace.organisations.models import Claim, Organisation, Status
from marketplace.outbox import OutboxEntry, Topic

#: Suppliers looked at in one round: the others have theirs in the next.
AT_ONCE = 20
#: A change and its announcement carry the same moment; clocks of several machines need not.
SLACK = timedelta(minutes=1)
#: Offers named in one mail; the search page has them all.
MAX_NAMED = 20


def tell_of_offers(session: Session, now: datetime) -> int:
    """Note which searches new and changed offers answer, and write the mails that are due; how many mails."""
    entries = session.execute(
        sa.select(OutboxEntry.id, OutboxEntry.payload, OutboxEntry.created_at)
        .where(OutboxEntry.topic == Topic.NEWS, OutboxEntry.not_before <= now)
        .order_by(OutboxEntry.id)
        .limit(AT_ONCE)
    ).all()
    found = answered_searches(session, entries, now) if entries else []
    waiting = session.execute(_waiting().limit(1)).first() is not None
    session.rollback()
    if not entries and not waiting:
        return 0
    with writing():
        session.execute(sa.delete(OutboxEntry).where(OutboxEntry.id.in_([entry.id for entry in entries])))
        told = sa.select(SearchNews.search_id, SearchNews.offer_id).where(
            SearchNews.offer_id.in_({offer_id for _search, offer_id in found})
        )
        known = {(search_id, offer_id) for search_id, offer_id in session.execute(told)}
        kept = set(session.scalars(sa.select(SavedSearch.id)))
        for search_id, offer_id in found:
            if (search_id, offer_id) not in known and search_id in kept:
                session.add(SearchNews(search_id=search_id, offer_id=offer_id, found_at=now))
        session.flush()
        sent = _write_due_mails(session, now)
        session.commit()
    return sent


def answered_searches(session: Session, entries: Sequence, now: datetime) -> list[tuple[int, int]]:
    """Pairs of search and offer: what changed of the announced suppliers answers a search saved before."""
    searches = session.execute(
        sa.select(SavedSearch.id, SavedSearch.query, SavedSearch.created_at).where(
            SavedSearch.frequency != Frequency.NEVER
        )
    ).all()
    if not searches:
        return []
    saved_at = {row.id: row.created_at for row in searches}
    names = {comune.istat: comune.name for comune in engines.comuni()}
    index = ReverseIndex(
        [as_kept(row.id, row.query) for row in searches], engines.categories(), engines.criteria(), names
    )
    since: dict[int, datetime] = {}
    for entry in entries:
        supplier_id = entry.payload["id"]
        since[supplier_id] = min(since.get(supplier_id, entry.created_at), entry.created_at)
    changed = _changes(session, since)
    found = []
    for document in supplier_documents(session, since):
        offers = [offer for offer in document.offers if offer.id in changed]
        for offer, keys in index.answered_by(document, offers, now):
            found += [(key, offer.id) for key in keys if saved_at[key] < changed[offer.id]]
    return found


def _changes(session: Session, since: dict[int, datetime]) -> dict[int, datetime]:
    """When each of the suppliers' offers last changed, of those that did since it was announced.

    A characteristic that was stated or checked changes what it is said of, a decision on the organisation all of it.
    """
    of_all: dict[int, datetime] = {}
    of_offer: dict[int, datetime] = {}
    claims = sa.select(Claim.organisation_id, Claim.offer_id, Claim.created_at, Claim.verified_at).where(
        Claim.organisation_id.in_(since)
    )
    for supplier_id, offer_id, created_at, verified_at in session.execute(claims):
        moment = max(created_at, verified_at or created_at)
        target, key = (of_all, supplier_id) if offer_id is None else (of_offer, offer_id)
        target[key] = max(target.get(key, moment), moment)
    decisions = sa.select(Decision.organisation_id, Decision.at).where(Decision.organisation_id.in_(since))
    for supplier_id, at in session.execute(decisions):
        of_all[supplier_id] = max(of_all.get(supplier_id, at), at)
    offers = sa.select(Offer.id, Offer.organisation_id, Offer.updated_at).where(
        Offer.organisation_id.in_(since), Offer.status == OfferStatus.PUBLISHED
    )
    changed = {}
    for offer_id, supplier_id, updated_at in session.execute(offers):
        moment = max(updated_at, of_all.get(supplier_id, updated_at), of_offer.get(offer_id, updated_at))
        if moment >= since[supplier_id] - SLACK:
            changed[offer_id] = moment
    return changed


def _waiting():
    return (
        sa.select(SearchNews, SavedSearch)
        .join(SavedSearch, SavedSearch.id == SearchNews.search_id)
        .where(SearchNews.sent_at.is_(None), SavedSearch.frequency != Frequency.NEVER)
    )


def _write_due_mails(session: Session, now: datetime) -> int:
    by_search: dict[SavedSearch, list[SearchNews]] = defaultdict(list)
    for news, search in session.execute(_waiting().order_by(SearchNews.search_id, SearchNews.offer_id)):
        if is_due(search.frequency, search.last_sent_at, now):
            by_search[search].append(news)
    for search, news in by_search.items():
        for item in news:
            item.sent_at = now
        search.last_sent_at = now
        offers = _still_public(session, [item.offer_id for item in news])
        if offers:
            _write_mail(session, search, offers, now)
    return len(by_search)


def _still_public(session: Session, ids: list[int]) -> Sequence:
    """What was withdrawn meanwhile is no news any more."""
    return session.execute(
        sa.select(Offer.id, Offer.title, Organisation.name)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(Offer.id.in_(ids), Offer.status == OfferStatus.PUBLISHED, Organisation.status == Status.ACTIVE)
        .order_by(Offer.title, Offer.id)
    ).all()


def _write_mail(session: Session, search: SavedSearch, offers: Sequence, now: datetime) -> None:
    person = session.get_one(User, search.person_id)
    with speaking(person.locale):
        post_notice(
            session,
            person,
            MailKind.SAVED_SEARCHES,
            subject=ngettext(
                "Something new for “%(name)s”",
                "%(num)s new things for “%(name)s”",
                len(offers),
                name=search.name,
            ),
            template="emails/search_news.txt",
            now=now,
            search=search,
            asked=parameters(search.query),
            offers=offers[:MAX_NAMED],
            more=max(0, len(offers) - MAX_NAMED),
        )

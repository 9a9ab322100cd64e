"""Following a link: judge a reader's click, and keep it only where it may be kept (P21, G16); for the redirects."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.domain.machines import BURST_WINDOW, MachineSign, machine_sign_of_timing
from campaigns.storage.clicks import followed, other_links, store_click, withdraw_clicks
from campaigns.storage.departures import tracking_changed_since
from contacts.storage.gate import may_track


def follow(
    session: Session, message_id: int, link_id: int, *, clicked_at: datetime, at: datetime, others: int = 0
) -> bool:
    """Keep the click as an interest in the mail's topic; False where nothing is kept. Idempotent.

    The permission must hold now, and must have held already at the click: who changed anything about being tracked
    in between is not tracked. A burst over many links takes back the clicks of its beginning.

    Args:
        session: a writing session.
        message_id: the message of the link's token.
        link_id: the link of the token.
        clicked_at: when the link was requested.
        at: now; later than the click if the database was away.
        others: how many other links of the message were requested around the click, as far as the door saw.
    """
    of = followed(session, message_id, link_id)
    if of is None or not of.tracking:
        return False
    since, until = clicked_at - BURST_WINDOW, clicked_at + BURST_WINDOW
    others = max(others, other_links(session, message_id, link_id, since, until))
    sign = machine_sign_of_timing(clicked_at, of.handed_over_at, others)
    if sign is MachineSign.BURST:
        withdraw_clicks(session, message_id, since, until)
    if sign is not None or not may_track(session, of.address_key, at=at):
        return False
    if tracking_changed_since(session, of.address_key, clicked_at):
        return False
    return store_click(session, of, link_id, clicked_at)

"""Segments: conditions that a team saved under a name, and what every condition means as SQL."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from contacts.domain.conditions import DATE_FIELDS, Border, Group, Match, Op, Plain, Rule, as_number, read_condition
from contacts.domain.matching import ISO_DAY, day_of, small
from contacts.storage.attributes import NUMBERS, SWITCHES, TEXTS, contains, kind_of, plain_order, small_letters, text_of
from contacts.storage.consents import Consent
from contacts.storage.contacts import Contact
from core.database import Base, Json, Moment
from core.errors import BadInput, Conflict, NotFound

LONGEST_NAME = 100


class Segment(Base):
    """A condition with a name; whom it means is asked anew each time."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    condition: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment)


def save_segment(session: Session, name: str, condition: Mapping[str, Any], *, at: datetime) -> Segment:
    """Keep a condition under a new name.

    Raises:
        BadInput: the condition or the name cannot be used.
        Conflict: there is a segment of that name already.
    """
    read_condition(condition)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadInput(
            f"A segment needs a name of 1 to {LONGEST_NAME} characters.", field="name", remedy="Choose a short name."
        )
    if session.scalar(select(Segment.id).where(Segment.name == name)) is not None:
        raise Conflict(f"There is a segment “{name}” already.", remedy="Choose another name, or change that one.")
    segment = Segment(name=name, condition=dict(condition), created_at=at)
    session.add(segment)
    session.flush()
    return segment


def change_segment(session: Session, segment_id: int, condition: Mapping[str, Any]) -> Segment:
    """Give a segment another condition; mailings that were frozen before keep their audience.

    Raises:
        BadInput: the condition cannot be used.
        NotFound: there is no such segment.
    """
    read_condition(condition)
    segment = segment_numbered(session, segment_id)
    segment.condition = dict(condition)
    session.flush()
    return segment


def all_segments(session: Session) -> list[Segment]:
    """Every segment, by name."""
    return list(session.scalars(select(Segment).order_by(Segment.name)))


def segment_numbered(session: Session, segment_id: int) -> Segment:
    """A segment by its number.

    Raises:
        NotFound: there is none.
    """
    segment = session.get(Segment, segment_id)
    if segment is None:
        raise NotFound("There is no such segment; perhaps it was deleted.")
    return segment


def segment_named(session: Session, name: str) -> Segment:
    """A segment by its name.

    Raises:
        NotFound: there is none.
    """
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is None:
        raise NotFound(f"There is no segment “{name}”.")
    return segment


def meets(condition: Mapping[str, Any], *, at: datetime) -> ColumnElement[bool]:
    """The condition as an expression over the contact table, never NULL; an empty one is met by everybody.

    Raises:
        BadInput: the condition cannot be used.
    """
    return _group(read_condition(condition), at)


def count_meeting(session: Session, condition: Mapping[str, Any], *, at: datetime) -> int:
    """How many contacts a condition means, whether or not they may be written to."""
    return session.scalar(select(func.count()).select_from(Contact).where(meets(condition, at=at))) or 0


def _group(group: Group, at: datetime) -> ColumnElement[bool]:
    parts = [_group(rule, at) if isinstance(rule, Group) else _rule(rule, at) for rule in group.rules]
    if group.match is Match.ANY:
        return or_(false(), *parts)
    return and_(true(), *parts)


def _rule(rule: Rule, at: datetime) -> ColumnElement[bool]:
    if rule.field == "topics":
        said = exists().where(Consent.address_key == Contact.address_key, Consent.scope == rule.value)
        return said if rule.op is Op.HAS else not_(said)
    if rule.field in DATE_FIELDS:
        assert isinstance(rule.value, Border)
        moment = getattr(Contact, rule.field)
        border = rule.value.begins(at) if rule.op is Op.BEFORE else rule.value.ends(at)
        return _sure(moment < border if rule.op is Op.BEFORE else moment >= border)
    return _attribute(rule, rule.key, at) if rule.key else _text(rule, _column(rule.field), at)


def _column(field: str) -> ColumnElement[str]:
    if field == "name":
        return func.trim(Contact.given_name + " " + Contact.family_name)
    column: ColumnElement[str] = getattr(Contact, field)
    return column


def _sure(expression: ColumnElement[Any]) -> ColumnElement[bool]:
    """The expression with no in place of the NULL that an absent value makes."""
    return func.coalesce(expression, false(), type_=Boolean)


def _text(rule: Rule, text: ColumnElement[str], at: datetime) -> ColumnElement[bool]:
    if rule.op in {Op.IS_SET, Op.IS_NOT_SET}:
        known = _sure(text != "")
        return known if rule.op is Op.IS_SET else not_(known)
    lower = small_letters(text)
    if rule.op in {Op.IS, Op.IS_NOT}:
        same = _sure(lower == small(str(rule.value)))
        return same if rule.op is Op.IS else not_(same)
    if rule.op is Op.IS_ONE_OF:
        assert isinstance(rule.value, tuple)
        return _sure(lower.in_([small(str(each)) for each in rule.value]))
    if isinstance(rule.value, Border):
        day = plain_order(func.substr(text, 1, len(ISO_DAY)))
        before = day < day_of(rule.value.begins(at))
        return _sure(
            and_(text.like(f"{ISO_DAY}%"), before if rule.op is Op.BEFORE else day >= day_of(rule.value.ends(at)))
        )
    wanted = small(str(rule.value))
    if rule.op is Op.CONTAINS:
        return _sure(contains(lower, literal(wanted)))
    return _sure(func.substr(lower, 1, len(wanted)) == wanted)


def _attribute(rule: Rule, key: str, at: datetime) -> ColumnElement[bool]:
    attributes: ColumnElement[Any] = Contact.__table__.c.attributes
    kind, text = kind_of(attributes, key), text_of(attributes, key)
    if rule.op in {Op.IS_SET, Op.IS_NOT_SET}:
        known = _sure(and_(kind != "null", text != ""))
        return known if rule.op is Op.IS_SET else not_(known)
    number = case((kind.in_(NUMBERS), cast(text, Double)), else_=null())
    if rule.op in {Op.GREATER, Op.LESS}:
        return _sure(number > rule.value if rule.op is Op.GREATER else number < rule.value)
    if rule.op in {Op.IS, Op.IS_NOT, Op.IS_ONE_OF}:
        wanted = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        same = or_(false(), *(_same(kind, text, number, each) for each in wanted if isinstance(each, Plain)))
        return not_(same) if rule.op is Op.IS_NOT else same
    return and_(_sure(kind.in_(TEXTS)), _text(rule, text, at))


def _same(
    kind: ColumnElement[str], text: ColumnElement[str], number: ColumnElement[Any], wanted: Plain
) -> ColumnElement[bool]:
    """A stored text, number or switch that is the one wanted; contacts.domain.matching.same in SQL."""
    ways: list[ColumnElement[bool]] = []
    if isinstance(wanted, str):
        ways.append(and_(kind.in_(TEXTS), small_letters(text) == small(wanted)))
    if isinstance(wanted, bool) or (isinstance(wanted, str) and small(wanted) in {"true", "false"}):
        ways.append(and_(kind.in_(SWITCHES), text == str(wanted).lower()))
    if (figure := as_number(wanted)) is not None:
        ways.append(number == figure)
    return _sure(or_(false(), *ways))


def next_meeting(
    session: Session, condition: Mapping[str, Any], last: int, *, at: datetime, most: int
) -> list[Contact]:
    """The next contacts by number after ``last`` that a condition means."""
    query = select(Contact).where(meets(condition, at=at), Contact.id > last).order_by(Contact.id).limit(most)
    return list(session.scalars(query))


def contacts_meeting(
    session: Session, condition: Mapping[str, Any], *, at: datetime, most: int
) -> Iterator[list[Contact]]:
    """The contacts that a condition means, by number, in lists of at most ``most``."""
    meant, last = meets(condition, at=at), 0
    while True:
        query = select(Contact).where(meant, Contact.id > last).order_by(Contact.id).limit(most)
        if not (found := list(session.scalars(query))):
            return
        last = found[-1].id
        yield found
        session.expunge_all()

"""The permit protocol of GUARANTEES 4 as a small machine, written from its text: who can do what next, and what breaks.

A step is all that one actor does between two moments at which others could see or hinder it.
"""

from collections.abc import Iterator

from tests.oracle.permit_world import (
    BEFORE,
    CLAIMED,
    DOTTED,
    DROPPED,
    ENDED,
    FELL,
    GONE,
    GRANTED,
    HOLDS,
    IDLE,
    JUDGED,
    KEPT,
    LOCKED,
    NOBODY,
    PEOPLE,
    PLANNED,
    RECORDED,
    REFUSED,
    SAID,
    SENT,
    TRANSMITTED,
    UNKNOWN,
    WITHHELD,
    Move,
    Sender,
    Stop,
    Story,
    World,
    at,
    stop_at,
    told_of,
)


def moves(story: Story, world: World) -> Iterator[Move]:
    """Every step that somebody can take now, told, and the world after it."""
    for number, sender in enumerate(world.senders):
        if sender.alive:
            yield from _sender_moves(story, world, number, sender)
        if not story.lacks("burial"):
            yield from _burial(story, world, number, sender)
    for number, act in enumerate(story.acts):
        yield from _stop_moves(story, world, number, act)


def wrong_at_the_end(world: World) -> str:
    """G7: each message has come to one end that agrees with its dots, unless every sender is dead."""
    if not all(place in {SAID, FELL} for place in world.stops):
        return "somebody waits for ever"
    if not any(sender.named for sender in world.senders):
        return ""
    for message, (state, dots) in enumerate(zip(world.states, world.dots, strict=True)):
        if state not in ENDED:
            return f"G7: the message to {PEOPLE[message]} came to no end, it is {state}"
        if state == SENT and not dots:
            return f"G7: the message to {PEOPLE[message]} is told as sent and never was"
        if state == WITHHELD and dots:
            return f"G7: the message to {PEOPLE[message]} is told as withheld and was handed over"
    return "G7: a permit stays open for ever" if world.permits else ""


def _sender_moves(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    name, whom = f"sender {number + 1}", PEOPLE[sender.message] if sender.message >= 0 else ""
    if sender.place == IDLE:
        yield from _claims(world, number, sender)
    elif sender.place == TRANSMITTED:
        yield from _asks(story, world, number, sender)
    elif sender.place == LOCKED and story.lacks("lock-first"):
        yield from _locks(story, world, number, sender, JUDGED)
    elif sender.place == LOCKED:
        yield from _judges(story, world, number, sender, JUDGED)
    elif sender.place == JUDGED:
        yield from _commits(story, world, number, sender)
    elif sender.place == REFUSED:
        yield f"{name} drops the line and lets the message to {whom} go", _let_go(world, number, sender)
    elif sender.place == GRANTED:
        yield from _dot(story, world, number, sender)
    elif sender.place == DOTTED:
        yield f"{name} settles: the message to {whom} is sent", _settled(world, number, sender)


def _claims(world: World, number: int, sender: Sender) -> Iterator[Move]:
    for message, state in enumerate(world.states):
        if state == PLANNED:
            told = f"sender {number + 1} claims the message to {PEOPLE[message]}, transmits it up to its last dot"
            claimed = told_of(world, message, CLAIMED, number)
            yield told, at(claimed, number, sender._replace(place=TRANSMITTED, message=message))


def _asks(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    name, whom = f"sender {number + 1}", PEOPLE[sender.message]
    if story.lacks("permit-before-dot"):
        yield f"{name} writes the dot to {whom}", _written(world, number, sender)
    elif story.lacks("lock-first"):
        yield from _judges(story, world, number, sender, LOCKED)
    else:
        yield from _locks(story, world, number, sender, LOCKED)


def _locks(story: Story, world: World, number: int, sender: Sender, place: int) -> Iterator[Move]:
    if story.lacks("lock") or not _held_alone(story, world, sender.message):
        told = f"sender {number + 1} takes the lock of {PEOPLE[sender.message]}, together with others"
        yield told, at(world, number, sender._replace(place=place))


def _judges(story: Story, world: World, number: int, sender: Sender, place: int) -> Iterator[Move]:
    held = world.states[sender.message] == CLAIMED and world.owners[sender.message] == number
    mine = held or story.lacks("still-held")
    yes = mine and sender.message not in world.blocked | world.gone
    told = f"sender {number + 1} judges: {PEOPLE[sender.message]} {'is' if yes else 'is not'} permitted"
    yield told, at(world, number, sender._replace(place=place, yes=yes))


def _commits(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    """The permit is there for all to see, and the lock is given back."""
    if sender.yes and not story.lacks("store"):
        world = world._replace(permits=world.permits | {(sender.message, number)})
    said = "the permit" if sender.yes else "that there is no permit"
    after = sender._replace(place=GRANTED if sender.yes else REFUSED)
    yield f"sender {number + 1} commits {said} for {PEOPLE[sender.message]}", at(world, number, after)


def _dot(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    name, whom = f"sender {number + 1}", PEOPLE[sender.message]
    if sender.named or story.lacks("alive"):
        yield f"{name} writes the dot to {whom}", _written(world, number, sender)
    else:
        yield f"{name} finds that it lost its name and drops the line to {whom}", _let_go(world, number, sender)


def _written(world: World, number: int, sender: Sender) -> World:
    """G1 and G6 are broken here or nowhere."""
    message = sender.message
    dots = tuple(count + (each == message) for each, count in enumerate(world.dots))
    broken = f"G1: {PEOPLE[message]} was written to after the confirmation" if message in world.said else ""
    if not broken and dots[message] > 1:
        broken = f"G6: {PEOPLE[message]} was handed the message twice"
    return at(world._replace(dots=dots, broken=broken), number, sender._replace(place=DOTTED))


def _settled(world: World, number: int, sender: Sender) -> World:
    message, closed = sender.message, world.permits - {(sender.message, number)}
    world = world._replace(permits=closed)
    if world.owners[message] == number and world.states[message] in {CLAIMED, UNKNOWN}:
        world = told_of(world, message, SENT, number)
    return at(world, number, Sender(alive=True, named=sender.named, place=IDLE if sender.named else GONE))


def _let_go(world: World, number: int, sender: Sender) -> World:
    """A refusal is recorded if the claim is still this sender's; without a verdict it is planned again."""
    message = sender.message
    world = world._replace(permits=world.permits - {(message, number)})
    if world.states[message] == CLAIMED and world.owners[message] == number:
        refused = message in world.blocked | world.gone
        world = told_of(world, message, WITHHELD if refused else PLANNED, NOBODY)
    return at(world, number, Sender(named=sender.named, place=IDLE if sender.named else GONE))


def misfortunes(story: Story, world: World) -> Iterator[Move]:
    """What may happen to a sender, and need not."""
    for number, sender in enumerate(world.senders):
        if sender.alive:
            yield from _befalls(story, world, number, sender)


def _befalls(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    if world.crashes and sum(each.alive for each in world.senders) > 1:
        dead = sender._replace(alive=False, named=False, place=GONE)
        yield f"sender {number + 1} is killed", at(world._replace(crashes=world.crashes - 1), number, dead)
    if world.cuts and sender.named:
        lost = sender._replace(named=False, place=GONE if sender.place == IDLE else sender.place)
        told = f"the database ends the session of sender {number + 1}, which lives on or sleeps"
        yield told, at(world._replace(cuts=world.cuts - 1), number, lost)
    message = sender.message
    if world.naps and message >= 0 and world.owners[message] == number and world.states[message] == CLAIMED:
        begun = (message, number) in world.permits
        asking = sender.place in {LOCKED, JUDGED} and not story.lacks("claim-lock")
        if not asking and (not begun or story.lacks("spare")):
            woken = told_of(world, message, UNKNOWN if begun else PLANNED, number if begun else NOBODY)
            woken = woken._replace(naps=world.naps - 1, permits=world.permits - {(message, number)})
            yield f"sender {number + 1} sleeps until the lease of its claim has ended, which is taken back", woken


def _burial(story: Story, world: World, number: int, sender: Sender) -> Iterator[Move]:
    if sender.named and not story.lacks("named"):
        return
    left = [each for each, owner in enumerate(world.owners) if owner == number and world.states[each] == CLAIMED]
    if not left and not any(owner == number for _, owner in world.permits):
        return
    for message in left:
        begun = (message, number) in world.permits and not story.lacks("unknown")
        world = told_of(world, message, UNKNOWN if begun else PLANNED, number if begun else NOBODY)
    open_still = frozenset(each for each in world.permits if each[1] != number)
    yield f"sender {number + 1} is buried by another", world._replace(permits=open_still)


def _covered(world: World, act: Stop) -> frozenset[int]:
    """Whom an act stops: a merge carries what stands against either to both; after it Ben's word is also Ann's."""
    kind, whom = act
    if kind == "merge":
        return frozenset({KEPT, DROPPED}) if world.blocked & {KEPT, DROPPED} else frozenset()
    return frozenset({whom, KEPT} if world.merged and whom == DROPPED else {whom})


def _families(world: World, act: Stop) -> frozenset[int]:
    return frozenset({KEPT, DROPPED}) if act[0] == "merge" else _covered(world, act)


def _stop_moves(story: Story, world: World, number: int, act: Stop) -> Iterator[Move]:
    place, (kind, whom) = world.stops[number], act
    told = {"opt-out": f"the opt-out of {PEOPLE[whom]}", "erase": f"the erasure of {PEOPLE[whom]}"}
    name = told.get(kind, "the merge of Ben into Ann")
    if place == BEFORE and _free(story, world, act):
        yield f"{name} takes its lock alone", stop_at(world, number, HOLDS)
    elif place == HOLDS:
        stopped = _covered(world, act)
        after = world._replace(blocked=world.blocked | stopped, merged=world.merged or kind == "merge")
        lost = {"erase": {whom}, "merge": {DROPPED}}.get(kind, set())
        after = after._replace(gone=after.gone | lost)
        yield f"{name} is recorded and committed", stop_at(after, number, RECORDED)
        if story.lacks("commit-first"):
            yield f"{name} is confirmed, and falls before it is committed", _said(world, number, stopped, FELL)
    elif place == RECORDED:
        yield from _waits(story, world, number, act, name)


def _waits(story: Story, world: World, number: int, act: Stop, name: str) -> Iterator[Move]:
    stopped = _covered(world, act)
    waits = not story.lacks({"opt-out": "wait", "merge": "merge-wait", "erase": "erase-wait"}[act[0]])
    if waits and any(message in stopped for message, _ in world.permits):
        yield f"{name} runs out of time and says: one may still arrive", stop_at(world, number, SAID)
    else:
        yield f"{name} sees no open permit and says: done", _said(world, number, stopped, SAID)


def _said(world: World, number: int, stopped: frozenset[int], place: int) -> World:
    return stop_at(world._replace(said=world.said | stopped), number, place)


def _free(story: Story, world: World, act: Stop) -> bool:
    families = _families(world, act)
    if story.lacks("alone") or (act[0] == "merge" and story.lacks("merge-lock")):
        return True
    if any(_held_alone(story, world, each) for each in families):
        return False
    inside = {JUDGED} if story.lacks("lock-first") else {LOCKED, JUDGED}
    shared = {each.message for each in world.senders if each.alive and each.place in inside}
    return story.lacks("lock") or not shared & families


def _held_alone(story: Story, world: World, person: int) -> bool:
    if story.lacks("alone"):
        return False
    holding = [act for act, place in zip(story.acts, world.stops, strict=True) if place == HOLDS]
    if story.lacks("merge-lock"):
        holding = [act for act in holding if act[0] != "merge"]
    return any(person in _families(world, act) for act in holding)

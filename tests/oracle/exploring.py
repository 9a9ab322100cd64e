"""All orders of steps: a search of everything that can happen in a story, each state looked at once."""

from collections import deque
from dataclasses import dataclass

from tests.oracle.permit_model import misfortunes, moves, wrong_at_the_end
from tests.oracle.permit_world import Story, World


@dataclass(frozen=True)
class Explored:
    """What was found: how many states there are, and the first order of steps that breaks something, as prose."""

    states: int
    broken: str = ""
    steps: tuple[str, ...] = ()

    @property
    def prose(self) -> str:
        """The order of steps, one a line."""
        told = [f"{number}. {step[:1].upper()}{step[1:]}." for number, step in enumerate(self.steps, start=1)]
        return "\n".join([*told, self.broken])


def explored(story: Story) -> Explored:
    """Try every order, the short ones first; stop at the first that is wrong."""
    begin = story.begin()
    came: dict[World, tuple[World, str] | None] = {begin: None}
    waiting = deque([begin])
    while waiting:
        world = waiting.popleft()
        due = list(moves(story, world))
        wrong = world.broken or ("" if due else wrong_at_the_end(world))
        if wrong:
            return Explored(len(came), wrong, _told(came, world))
        for told, after in (*due, *misfortunes(story, world)):
            if after not in came:
                came[after] = (world, told)
                waiting.append(after)
    return Explored(len(came))


def _told(came: dict[World, tuple[World, str] | None], world: World) -> tuple[str, ...]:
    steps = []
    before = came[world]
    while before is not None:
        steps.append(before[1])
        before = came[before[0]]
    return tuple(reversed(steps))

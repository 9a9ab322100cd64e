"""What a sender sees of servers and providers, and whom it leaves alone for it."""

from campaigns.domain.sightings import FORGOTTEN_AFTER, Sightings
from campaigns.domain.smtp_replies import Meant


class World:
    def __init__(self) -> None:
        self.now = 1000.0
        self.seen = Sightings(lambda: self.now, lambda: 0.5)

    def note(self, meant: Meant, address: str = "ann@gmail.com", times: int = 1) -> None:
        for _ in range(times):
            self.seen.note("one", address, meant, "421 later" if meant is not Meant.MESSAGE else "")

    def provider(self, name: str = "gmail") -> float:
        return self.seen.providers.wait(name, self.now)


def test_a_server_that_wants_no_more_lines_goes_on_with_those_it_has():
    world = World()
    world.note(Meant.MESSAGE, times=100)
    world.note(Meant.RELAY, times=24)
    assert world.seen.relays.wait("one", world.now) == 0


def test_a_server_in_trouble_rests_and_its_providers_do_not():
    world = World()
    world.note(Meant.RELAY)
    assert world.seen.relays.wait("one", world.now) == 1
    assert world.provider() == 0
    assert world.seen.relays.seen["one"].said == "421 later"


def test_a_provider_that_pushes_back_rests_and_others_do_not():
    world = World()
    world.note(Meant.DOMAIN)
    assert world.provider() == 15
    assert world.provider("example.org") == 0
    assert world.seen.relays.wait("one", world.now) == 0


def test_a_busy_mailbox_among_many_is_no_push_back():
    world = World()
    world.note(Meant.MESSAGE, times=20)
    world.note(Meant.DOMAIN, times=4)
    assert world.provider() == 0
    world.note(Meant.DOMAIN)
    assert world.provider() == 15


def test_who_does_well_after_a_rest_is_forgiven_by_degrees():
    world = World()
    world.note(Meant.DOMAIN)
    world.now += 20
    world.note(Meant.DOMAIN)
    world.seen.providers.turn_over(world.now)
    world.note(Meant.MESSAGE)
    world.seen.providers.turn_over(world.now)
    assert world.seen.providers.rests["gmail"].misses == 2  # it still rests
    world.now += 40
    world.note(Meant.MESSAGE)
    told = world.seen.providers.turn_over(world.now)
    assert world.seen.providers.rests["gmail"].misses == 1
    assert (told["gmail"].good, told["gmail"].bad, told["gmail"].rested) == (1, 0, False)
    assert world.seen.providers.turn_over(world.now) == {}


def test_a_rest_long_over_is_forgotten():
    world = World()
    world.note(Meant.DOMAIN)
    world.now += FORGOTTEN_AFTER + 20
    world.seen.providers.turn_over(world.now)
    assert world.seen.providers.rests == {}


def test_what_could_not_be_told_is_added_to_what_comes():
    world = World()
    world.note(Meant.DOMAIN)
    first = world.seen.providers.turn_over(world.now)["gmail"]
    world.note(Meant.MESSAGE)
    first.add(world.seen.providers.turn_over(world.now)["gmail"])
    assert (first.good, first.bad, first.rested, first.said) == (1, 1, True, "421 later")

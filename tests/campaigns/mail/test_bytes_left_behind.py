"""What the system still holds of a line is gone with the line: no dot arrives after its permit was settled (G1)."""

import asyncio
import socket
import struct

import pytest

from campaigns.mail.wire import UNHEARD_MILLISECONDS, Wire, take_over
from core.holding import SIGNS_OF_LIFE

PLENTY = b"x" * 8_000_000


def deaf_server() -> tuple[socket.socket, int]:
    """A server that takes no byte but what fits into its system's hands."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return listening, listening.getsockname()[1]


async def a_wire(port: int) -> tuple[Wire, asyncio.Transport]:
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)
    return take_over(transport), transport


def test_g1_what_was_written_and_not_delivered_does_not_arrive_after_the_lines_end():
    listening, port = deaf_server()

    async def leave_much_behind() -> None:
        wire, _ = await a_wire(port)
        wire.write(PLENTY)
        await asyncio.sleep(0.05)
        wire.end()

    with listening:
        asyncio.run(leave_much_behind())
        taken, _ = listening.accept()
        with taken, pytest.raises(ConnectionResetError):
            read_all(taken)


def read_all(line: socket.socket) -> None:
    while line.recv(1 << 16):
        pass


def test_a_line_that_parts_in_order_is_closed_and_not_reset():
    listening, port = deaf_server()

    async def part() -> None:
        wire, _ = await a_wire(port)
        wire.write(b"QUIT\r\n", earns=1)
        wire.part()
        wire.end()

    with listening:
        asyncio.run(part())
        taken, _ = listening.accept()
        with taken:
            assert taken.recv(100) == b"QUIT\r\n"
            assert taken.recv(100) == b""


def test_g1_the_system_gives_up_before_the_database_takes_a_silent_machine_for_dead():
    async def look(port: int) -> tuple[int, bytes]:
        wire, transport = await a_wire(port)
        line = transport.get_extra_info("socket")
        said = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        lingers = line.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
        wire.end()
        return said, lingers

    listening, port = deaf_server()
    with listening:
        assert asyncio.run(look(port)) == (UNHEARD_MILLISECONDS, struct.pack("ii", 1, 0))
    told = dict(each.split(" = ") for each in SIGNS_OF_LIFE)
    idle, interval, count = (int(told[f"tcp_keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + interval * count > UNHEARD_MILLISECONDS / 1000
    assert int(told["tcp_user_timeout"]) > UNHEARD_MILLISECONDS

"""A sender that can be killed at any moment, and the mail server that counts what reached it, for the kill tests."""

import asyncio
import multiprocessing
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess

from tests.campaigns.scripted import ScriptedServer

_TO = re.compile(rb"^To: (.*)\r$", re.MULTILINE)
_processes = multiprocessing.get_context("forkserver")
# imported once: a new sender then starts in a few milliseconds
_processes.set_forkserver_preload(["sender", "sqlalchemy.dialects.sqlite", "psycopg"])


class CountingServer(ScriptedServer):
    """Takes every mail and counts, by recipient, those whose last dot came."""

    @property
    def arrived(self) -> Counter[str]:
        """Mails by recipient."""
        found = (_TO.search(message) for message in list(self.messages))
        return Counter(match[1].decode() for match in found if match)


@contextmanager
def counting_server() -> Iterator[CountingServer]:
    """Run such a server in a thread of its own."""
    server, loop = CountingServer({}, None), asyncio.new_event_loop()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(server.serve, "127.0.0.1", 0)

    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def start_sender(environment: Mapping[str, str], *options: str) -> ForkServerProcess:
    """Start a sending process."""
    process = _processes.Process(target=_send, args=(dict(environment), options))
    process.start()
    return process


def _send(environment: dict[str, str], options: tuple[str, ...]) -> None:
    import sender

    os.environ.update(environment)
    sys.argv = ["sender", *options]
    sys.exit(sender.main())

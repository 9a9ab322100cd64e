"""Lifelines: a process that ends with the one that started it, however that one dies; for the parts of the house."""

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Ask the kernel to end this process in good order when its parent dies; it outlives execv (Linux, prctl(2)).

    Raises:
        SystemExit: the parent was gone already; the kernel tells of no death that came before the asking.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)


def end_with_the_server() -> None:
    """The same for a worker of the web server, which else holds the port with yesterday's settings; others live on."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        end_with(server.pid)

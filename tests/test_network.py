"""The tests' own promise: nothing but loopback."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "203.0.113.9"])
def test_no_test_reaches_another_machine(host):
    with socket.socket() as line, pytest.raises(ConnectionRefusedError, match="this machine alone"):
        line.connect((host, 80))

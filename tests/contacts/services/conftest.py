"""Importing tables in the tests."""

import io
from datetime import timedelta

import pytest

from contacts.domain.addresses import read_address
from contacts.domain.policy import Source
from contacts.domain.rows import Defaults
from contacts.services.import_contacts import ImportOptions, import_contacts
from tests.conftest import NOON

SINCE = NOON - timedelta(days=90)
GIVEN = Defaults(Source.REGISTRATION, SINCE, "sign-up form")


@pytest.fixture
def bring(database, ring, tmp_path):
    def bring_in(text, *, at=NOON, progress=None, **options):
        options = {"defaults": GIVEN, "rejects_folder": tmp_path / "rejects"} | options
        data = text if isinstance(text, bytes) else text.encode()
        stream = io.BytesIO(data)
        return import_contacts(database, stream, ImportOptions(**options), ring=ring, at=at, progress=progress)

    return bring_in


@pytest.fixture
def key(pepper):
    return lambda address: pepper.keys(read_address(address))

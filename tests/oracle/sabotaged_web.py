"""The web server with one act of sabotage, for granian: the act is named in the environment."""

import os
from typing import Any

import app
from tests.oracle.sabotages import spoil

SABOTAGE = "ESTATE_SABOTAGE"


def application() -> Any:
    """What granian serves."""
    spoil(os.environ[SABOTAGE])
    return app.application()

"""Logs for operators: a constant message and facts as fields; never an address, a token, an answer or a card number."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from core.cards import screened

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_MOST_PLACES = 200


def set_up_logs(*, level: str = "info", form: str = "human") -> None:
    """Write this process's logs to standard error, as JSON lines or for people."""
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(JsonLines() if form == "json" else ForPeople())
    root = logging.getLogger()
    root.handlers[:] = [stream]
    root.setLevel(logging.WARNING)
    logging.getLogger("heedful").setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a tick that is skipped is made up for by the next
    sys.excepthook = _tell_the_end


def _tell_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that ends a process, without its sentence: a database's may repeat an address."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("heedful").critical("ended by an error that nobody expected", exc_info=(kind, error, trace))


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: screened(value) for name, value in vars(record).items() if name not in _STANDARD}


class Places(logging.Formatter):
    """Tells of an error its kind and the places it passed, not its sentence: that may hold an address or an answer."""

    def formatException(  # noqa: N802 - logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it went wrong; the errors that it came from first."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None and len(lines) < _MOST_PLACES:
            frames = traceback.extract_tb(error.__traceback__)
            where = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            lines = [*where, type(error).__name__, *lines]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class JsonLines(Places):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, place, message, then the facts."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": screened(record.getMessage()),
            **_facts(record),
        }
        if record.exc_info:
            line["error"] = _error_name(record)
            line["where"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class ForPeople(Places):
    """Time, level, message and the facts behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the trace of an error below it."""
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        line = f"{time} {record.levelname.lower():7} {screened(record.getMessage())}{'  ' + facts if facts else ''}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _error_name(record: logging.LogRecord) -> str:
    assert record.exc_info is not None
    kind = record.exc_info[0]
    return kind.__name__ if kind else ""

"""Logs: a constant message with its facts, as JSON or for people."""

import json
import logging
import sys

import pytest

from core.logs import ForPeople, JsonLines, set_up_logs


def a_record(**facts) -> logging.LogRecord:
    record = logging.makeLogRecord({"msg": "a mailing began", "levelname": "INFO", "name": "heedful.clock"} | facts)
    record.created = 0
    return record


def test_a_json_line_holds_the_facts_as_fields():
    line = json.loads(JsonLines().format(a_record(mailing=7)))
    assert line == {
        "time": "1970-01-01T00:00:00.000+00:00", "level": "info", "logger": "heedful.clock",
        "message": "a mailing began", "mailing": 7,
    }  # fmt: skip


def test_people_read_one_line():
    assert ForPeople().format(a_record(mailing=7)) == "00:00:00 info    a mailing began  mailing=7"
    assert ForPeople().format(a_record()) == "00:00:00 info    a mailing began"


@pytest.mark.parametrize("form", [JsonLines(), ForPeople()])
def test_an_error_brings_its_trace(form):
    record = a_record()
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in form.format(record)


@pytest.mark.parametrize("form", [JsonLines(), ForPeople()])
def test_p1_an_errors_sentence_is_not_logged_but_where_it_went_wrong_is(form):
    record, nobody = a_record(), dict[str, int]()
    try:
        try:
            _ = nobody["ann@example.org"]
        except KeyError:
            _ = int("ann@example.org")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = form.format(record)
    assert "ann@" not in line
    assert line.rindex("KeyError") < line.rindex("ValueError")
    assert f"{__file__}:" in line


def test_only_our_own_logs_reach_the_chosen_level(capsys: pytest.CaptureFixture[str]):
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    try:
        set_up_logs(level="info", form="json")
        logging.getLogger("heedful.web").info("ours")
        logging.getLogger("granian").info("theirs")
    finally:
        root.handlers[:] = before
    said = capsys.readouterr().err
    assert "ours" in said
    assert "theirs" not in said


def test_p1_an_error_that_ends_a_process_is_told_without_its_sentence(monkeypatch, capsys):
    monkeypatch.setattr("sys.excepthook", sys.__excepthook__)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger("apscheduler"), "level", logging.WARNING)
    set_up_logs(level="info", form="human")
    try:
        int("ann@example.org")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "KeyboardInterrupt" in said
    assert "ann@" not in said

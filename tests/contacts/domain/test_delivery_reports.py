"""What a mail server says later of a mail that it had taken: only that nobody is there ends a person's mail."""

from email import message_from_string

import pytest

from contacts.domain.delivery_reports import Report, read_reports, says_nobody_is_there

ANN = "Final-Recipient: rfc822; ann@example.org"


def read(*blocks: str) -> list[Report]:
    status = "Content-Type: message/delivery-status\n\n" + "\n\n".join(["Reporting-MTA: dns; mx.test", *blocks]) + "\n"
    return read_reports(message_from_string(status))


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_nobody_is_there_for_good(status):
    assert says_nobody_is_there(f"550 {status} no such user")
    assert read(f"{ANN}\nAction: failed\nStatus: {status}") == [Report("ann@example.org", gone=True, said=status)]


@pytest.mark.parametrize("status", ["5.1.4", "5.1.11", "5.2.2", "5.7.1", "4.1.1", "15.1.1", "5.1.1.1x", "550", ""])
def test_a_refusal_of_anything_else_says_nothing_about_the_person(status):
    assert says_nobody_is_there(status) is (status == "5.1.1.1x")


def test_a_mail_that_is_only_late_ends_nothing():
    (found,) = read(f"{ANN}\nAction: delayed\nStatus: 5.1.1")
    assert found.gone is False
    (found,) = read(f"{ANN}\nStatus: 5.1.1")
    assert found.gone is False
    (found,) = read(f"{ANN}\nAction:  FAILED \nStatus: 5.1.1")
    assert found.gone is True


def test_the_address_that_we_wrote_to_comes_first():
    both = f"{ANN}\nOriginal-Recipient: RFC822 ; list@example.org"
    assert [each.address for each in read(f"{both}\nAction: failed")] == ["list@example.org"]
    assert [each.address for each in read("Final-Recipient: utf-8; jörg@example.org")] == ["jörg@example.org"]


@pytest.mark.parametrize("head", ["Final-Recipient: x400; ann@example.org", "Final-Recipient: rfc822; ann", "X: y"])
def test_a_block_without_an_address_is_passed_over(head):
    assert read(f"{head}\nAction: failed\nStatus: 5.1.1") == []
    assert len(read(head, ANN)) == 1


def test_what_was_said_is_one_line_and_not_too_long():
    (found,) = read(f"{ANN}\nStatus: 5.1.1\nDiagnostic-Code: smtp;\n  550   no such  user")
    assert found.said == "5.1.1 smtp; 550 no such user"
    (found,) = read(f"{ANN}\nDiagnostic-Code: {'x' * 600}")
    assert found.said == "x" * 500


def test_what_is_no_report_says_nothing():
    assert read_reports(message_from_string("Content-Type: text/plain\n\nhello")) == []

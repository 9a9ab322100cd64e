"""The acts of the demo, in order: each does one part of the main job with the real program and prints its figures."""

import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from demo import sample
from demo.captures import Capture, mail_files, read_mail
from demo.figures import heading, line, remark
from demo.readers import Reader
from demo.scanning import changed_tables, fingerprints, scan
from demo.scratch import DemoFailed, Scratch

EMAIL = "demo@example.org"
ANNOUNCEMENT, INVITATION, SECOND, SURVEY = "cadenza-6", "satisfaction-invitation", "encore-week", "satisfaction"
SCANNED_ANNOUNCEMENTS, SCANNED_INVITATIONS = 60, 40
CLICKERS, BY_HEADER, BY_PAGE, BY_PREFERENCES, ANSWERING = 90, 24, 10, 6, 100
LEAVING_AFTER_A_CLICK = 20
UNHURRIED = 5.5
"""Seconds after which a click is a person's; a link scanner comes sooner."""

SEED = 20261122
TOPIC_OF_SECOND = "offers"
READERS = 4
LEFT_OUT = ("excluded: ", "withheld: ")
REASONS = {
    "child": "a child",
    "opted_out": "opted out",
    "family_held": "like somebody who opted out",
    "no_permission": "never gave permission",
    "held": "held until a question is settled",
    "cap_reached": "had enough mail for now",
}


def prepare(scratch: Scratch, password: str) -> None:
    """Make the house, and import the sample contacts."""
    scratch.command("init", "--email", EMAIL, "--password-file", "-", given=password)
    told = scratch.report("import", str(sample.PEOPLE))
    heading("Contacts, from demo/people.csv")
    line("rows", told["rows"])
    line("imported", told["added"])
    line("the same person again", told.get("repeated", 0))
    line("children: nothing kept but the block", told.get("children", 0))
    line("opted out", told.get("opt_outs", 0))
    line("rejected, with line, field and reason", told["rejected"], "in the rejects file")
    scratch.in_short["contacts"] = (
        f"{told['added']} imported, {told['rejected']} rejected, {told['children']} children blocked"
    )


def plan(scratch: Scratch) -> None:
    """Schedule the announcement and the survey's invitation for now."""
    scratch.command("campaign", "apply", str(sample.ANNOUNCEMENT))
    scratch.command("survey", "apply", str(sample.SURVEY), "--open")
    scratch.command("survey", "invite", SURVEY)


def deliver(scratch: Scratch, product: subprocess.Popen[bytes], name: str, title: str) -> dict[str, Any]:
    """Wait until a campaign is sent, and tell what became of everybody."""
    told = scratch.wait_for(Finish(scratch, name).told, f"“{name}” to be sent", product)
    heading(title[0].upper() + title[1:])
    line("delivered over SMTP", told["sent"])
    left_out = _left_out(told)
    for reason, number in left_out.items():
        line(f"left out: {reason}", number)
    reasons = ", ".join(f"{number} {reason}" for reason, number in left_out.items())
    scratch.in_short[title] = f"{told['sent']} delivered; left out: {reasons}"
    if told["failed"] or told["unknown"]:
        line("failed or unknown", told["failed"] + told["unknown"])
    ends = sum(told[state] for state in ("sent", "failed", "withheld", "unknown", "cancelled", "excluded"))
    if ends != told["audience"]:
        raise DemoFailed(f"{told['audience']} people were meant, but {ends} are accounted for.")
    return told


def _left_out(told: dict[str, Any]) -> dict[str, int]:
    """How many got nothing, by reason."""
    reasons = {name.partition(": ")[2]: number for name, number in told.items() if name.startswith(LEFT_OUT)}
    return {REASONS.get(reason, reason): number for reason, number in reasons.items()}


class Finish:
    """Looks whether a campaign is sent; asks the program only when no more mail comes in."""

    def __init__(self, scratch: Scratch, name: str) -> None:
        self._scratch = scratch
        self._name = name
        self._arrived = -1

    def told(self) -> dict[str, Any] | None:
        """The campaign's report once it is finished."""
        before, self._arrived = self._arrived, len(mail_files(self._scratch.mailbox))
        if not self._arrived or self._arrived != before:
            return None
        told = self._scratch.report("campaign", "report", self._name)
        return told if told["state"] == "finished" else None


class Audience:
    """Everybody who got mail, and what they do with it."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        self._delivered = time.monotonic()
        mails = sorted((read_mail(path) for path in mail_files(scratch.mailbox)), key=lambda mail: mail.to)
        random.Random(SEED).shuffle(mails)
        self.invitations = [mail for mail in mails if mail.links_to("/s/")]
        self.announcements = [mail for mail in mails if not mail.links_to("/s/")]
        self.left: set[str] = set()

    def be_scanned(self) -> None:
        """Let a link scanner open every link of a hundred mails, and see that nothing changed."""
        mails = [*self.announcements[:SCANNED_ANNOUNCEMENTS], *self.invitations[:SCANNED_INVITATIONS]]
        before = fingerprints(self.scratch.database)
        requests, faults = scan(self.scratch.base_url, mails)
        changed = changed_tables(before, fingerprints(self.scratch.database))
        heading(f"A link scanner opened every link of {len(mails)} mails, with GET and HEAD")
        line("requests", requests)
        line("things changed by it", len(changed), ", ".join(changed))
        if changed or faults:
            raise DemoFailed(f"The scanner changed {changed}; faults: {faults[:5]}")

    def answer(self) -> None:
        """Let a hundred people answer the survey, page by page."""
        people = self.invitations[:ANSWERING]
        self._together(people, lambda reader, mail: reader.answer(mail))
        told = self.scratch.report("survey", "results", SURVEY)
        score = next(each["nps"] for each in told["questions"].values() if each["nps"])
        heading("Survey “How is Cadenza working for you?”")
        line("invited", told["invited"])
        line("answered to the end", told["completed"])
        low, high = score["interval"]["low"], score["interval"]["high"]
        interval = f"95 % interval {low:+.0f} to {high:+.0f}"
        line("Net Promoter Score", f"{score['score']:+.0f}", interval)
        self.scratch.in_short["survey"] = f"{told['completed']} answers, NPS {score['score']:+.0f} ({interval})"
        if told["completed"] != len(people):
            raise DemoFailed(f"{len(people)} people answered, but {told['completed']} responses are complete.")

    def click(self) -> None:
        """Let people follow links; a click is recorded only for who permits it (G16)."""
        time.sleep(max(0.0, self._delivered + UNHURRIED - time.monotonic()))
        people = self._readers()[:CLICKERS]
        clicks = sum(self._together(people, lambda reader, mail: reader.click(mail)))
        permitting = {mail.to for mail in people} & sample.those_who_want("tracking")
        told = self.scratch.report("campaign", "report", ANNOUNCEMENT)
        heading("Clicks")
        line("links followed", clicks, f"by {len(people)} people")
        recorded = sum(number for name, number in told.items() if name.startswith("clicks on "))
        line("clicks recorded", recorded, f"of {told['readers who clicked']} people, all of whom permit it")
        self.scratch.in_short["clicks"] = f"{clicks} followed, {recorded} recorded, of those who permit it"
        if told["readers who clicked"] > len(permitting) or not recorded:
            raise DemoFailed(f"{told['readers who clicked']} people were recorded; {len(permitting)} permit it.")

    def leave(self) -> None:
        """Let people leave, by each of the doors that a mail has."""
        leaving = self._readers()[CLICKERS - LEAVING_AFTER_A_CLICK :]
        by_header, rest = leaving[:BY_HEADER], leaving[BY_HEADER:]
        by_page, by_preferences = rest[:BY_PAGE], rest[BY_PAGE : BY_PAGE + BY_PREFERENCES]
        self._together(by_header, lambda reader, mail: reader.leave_by_header(mail))
        self._together(by_page, lambda reader, mail: reader.leave_by_page(mail))
        self._together(by_preferences, lambda reader, mail: reader.leave_by_page(mail, "/p/"))
        self.left = {mail.to for mail in (*by_header, *by_page, *by_preferences)}
        heading("Opt-outs")
        line("one-click, by the mail program's button", len(by_header))
        line("by the page behind the link in the mail", len(by_page))
        line("by the preference page, “stop everything”", len(by_preferences))
        self.scratch.in_short["opt-outs"] = f"{len(by_header)} one-click, {len(by_page) + len(by_preferences)} on pages"

    def _readers(self) -> list[Capture]:
        """The announcements whose links no scanner has just opened."""
        return self.announcements[SCANNED_ANNOUNCEMENTS:]

    def _together(self, mails: list[Capture], act: Any) -> list[Any]:
        """Several people at a time, each with a mood of their own."""
        with ThreadPoolExecutor(READERS) as pool:
            work = [
                pool.submit(act, Reader(self.scratch.base_url, random.Random(f"{SEED}{mail.to}")), mail)
                for mail in mails
            ]
            return [each.result() for each in work]


def second_campaign(scratch: Scratch, product: subprocess.Popen[bytes], left: set[str]) -> None:
    """Send another campaign, and look in the mailbox at who got it."""
    known = len(mail_files(scratch.mailbox))
    scratch.command("campaign", "apply", str(sample.SECOND))
    told = deliver(scratch, product, SECOND, "second campaign")
    got = {read_mail(path).to for path in mail_files(scratch.mailbox)[known:]}
    wanting = sample.those_who_want(TOPIC_OF_SECOND)
    gone = left | sample.those_who_left()
    heading("Who got the second campaign, by the recipients of the delivered mails")
    line("people", len(got))
    line("of those who had left", len(got & gone), f"{len(gone & wanting)} of them had once asked for offers")
    line("of children", len(got & sample.children()), f"{len(sample.children() & wanting)} of them are on the list")
    line("of those who never asked for offers", len(got - wanting))
    if len(got) != told["sent"] or got & (gone | sample.children()) or got - wanting or not got:
        raise DemoFailed("The second campaign reached somebody it must not reach.")
    scratch.in_short["who got it"] = "nobody who had left, no child, and nobody who never asked"


def verify(scratch: Scratch) -> None:
    """Recompute the ledger."""
    told = scratch.report("verify")
    heading("The ledger of permissions")
    line("events, hash-chained and whole", told["events"])


def sum_up(scratch: Scratch) -> None:
    """Repeat what matters."""
    heading("In short")
    width = max(map(len, scratch.in_short))
    for words, told in scratch.in_short.items():
        remark(f"{words:<{width}}  {told}")

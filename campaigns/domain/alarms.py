"""Alarms: what a tripwire saw and what to do about it, in sentences for operators."""

from campaigns.domain.tripwires import Tripped, Wire
from core.language import gettext as _

_WHAT = {
    Wire.FAILURES: _("{part} of {whole} messages failed ({share})."),
    Wire.BOUNCES: _("{part} of {whole} messages went to addresses at which nobody is ({share})."),
    Wire.COMPLAINTS: _("{part} of {whole} people complained about this mail ({share})."),
    Wire.NOT_WRITTEN: _("{part} of {whole} messages could not be written ({share})."),
    Wire.UNANSWERED: _("To {part} of {whole} messages no answer came that says what became of them ({share})."),
}
_DO = {
    Wire.FAILURES: _("Read the reasons and the server's log, and see that it takes your mail again. Then resume."),
    Wire.BOUNCES: _("See where these addresses came from: an old or a bought list. Resume if the rest is better."),
    Wire.COMPLAINTS: _("Ask whether these people expected this mail. If they did not, cancel the rest."),
    Wire.NOT_WRITTEN: _(
        "A field that the words use is missing for some people. Cancel the rest, give it a default in a new campaign."
    ),
    Wire.UNANSWERED: _("See in the server's log whether they arrived, and that it answers again. Then resume."),
}


def what_happened(alarm: Tripped) -> str:
    """What went wrong, with the share that was seen and the one from which a mailing is paused."""
    share = _("{seen:.1%}, and it pauses at {limit:.1%}").format(seen=alarm.part / alarm.whole, limit=alarm.share)
    return _(_WHAT[alarm.wire]).format(part=alarm.part, whole=alarm.whole, share=share)


def what_to_do(alarm: Tripped) -> str:
    """What an operator does about it; resuming judges only what happens from then on."""
    return _(_DO[alarm.wire])

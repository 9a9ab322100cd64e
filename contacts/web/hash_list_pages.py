"""Console page for a suppression list of hashes: whose key made them, then the work in the background."""

from functools import partial
from typing import IO

from contacts.domain.addresses import PepperRing
from contacts.services.import_hashes import HashListOptions, import_hashes
from contacts.storage.partners import all_partners
from contacts.storage.uploads import staged
from contacts.web.import_pages import LIST, start, uploads
from core.language import gettext as _
from core.operators import Role
from core.web.visits import Answer, Place, Visit

PAGE = LIST + "/hashes/{key}"


def show_hash_list(visit: Visit) -> Answer:
    """What was found in the file, and the one question: how were the hashes made?"""
    return _asked(visit)


def _asked(visit: Visit, *, error: str = "") -> Answer:
    return visit.page(
        "console/import_hashes.html",
        status=422 if error else 200,
        waiting=staged(uploads(visit), str(visit.path["key"])),
        key=visit.path["key"],
        partners=[("", _("plain: MD5, SHA-1 or SHA-256"))]
        + [(each.name, _("with the key of {title}").format(title=each.title)) for each in all_partners(visit.session)],
        partner=visit.text("partner"),
        error=error,
    )


def begin_hash_list(visit: Visit) -> Answer:
    """Begin the import."""
    partner, key = visit.text("partner"), str(visit.path["key"])
    if partner and partner not in {each.name for each in all_partners(visit.session)}:
        return _asked(visit, error=_("Choose one of your partners."))
    waiting = staged(uploads(visit), key)
    options = HashListOptions(
        file_name=waiting.file_name,
        operator=visit.operator.email if visit.operator else "",
        partner=partner,
        rejects_folder=visit.settings.data_dir / "rejects",
        confirm_seconds=visit.settings.confirm_seconds,
    )
    return partial(start, visit, key, partial(_take, visit, options))


def _take(visit: Visit, options: HashListOptions, stream: IO[bytes]) -> object:
    return import_hashes(visit.database, stream, options, ring=PepperRing.of(visit.settings), at=visit.at)


PLACES = (
    Place(PAGE, show_hash_list, role=Role.EDITOR),
    Place(PAGE, begin_hash_list, methods=("POST",), role=Role.EDITOR),
)

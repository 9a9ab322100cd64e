"""The console page where a survey is translated: each text beside its words in another language."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from core.errors import BadInput, HeedfulError
from core.language import gettext as _
from core.language import known_locale
from core.operators import Role
from core.web.visits import Answer, Place, Visit
from surveys.domain.definitions import Survey
from surveys.domain.editing import change_head
from surveys.domain.translations import texts_of
from surveys.storage.surveys import Survey as Stored
from surveys.storage.surveys import drafted
from surveys.web.editor_forms import mark, refused, require_seen, store
from surveys.web.survey_pages import PAGE, survey_of_visit


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text of the survey and its translation, which may be empty."""

    path: str
    original: str
    words: str


def show_translations(visit: Visit) -> Answer:
    """The languages of a survey, and the table of the one that is chosen."""
    stored = survey_of_visit(visit)
    survey = drafted(visit.session, stored)
    language = visit.query("language") or next(iter(survey.translations), "")
    return _page(visit, stored, survey, language)


def _page(visit: Visit, stored: Stored, survey: Survey, language: str, error: HeedfulError | None = None) -> Answer:
    kept = survey.translations.get(language, {})
    texts = list(texts_of(survey))
    rows = [
        TextRow(each.path, each.words, visit.text(each.path) if error else kept.get(each.path, "")) for each in texts
    ]
    known = {each.path for each in texts}
    return visit.page(
        "console/surveys/translations.html",
        status=refused(error),
        survey=stored,
        original=(survey.language, _name(survey.language)),
        languages=[(each, _name(each), _lacking(survey, each, known)) for each in survey.translations],
        language=language,
        name=_name(language) if language else "",
        direction=known_locale(language).text_direction if language else "ltr",
        rows=rows if language else [],
        seen=mark(dict(kept)),
        error=error,
        said=visit.query("said"),
    )


def _name(tag: str) -> str:
    return known_locale(tag).get_display_name("en") or tag


def _lacking(survey: Survey, language: str, paths: set[str]) -> int:
    return len(paths - {path for path, words in survey.translations[language].items() if words})


def change_translations(visit: Visit) -> Answer:
    """Keep the words of one language; without any, the language is taken out when that is asked for."""
    stored = survey_of_visit(visit, locked=True)
    survey = drafted(visit.session, stored)
    language = visit.text("_language")
    try:
        _require_language(survey, language)
        require_seen(visit, dict(survey.translations.get(language, {})))
        written = {each.path: _words(visit, each.path) for each in texts_of(survey)}
        kept = {path: words for path, words in written.items() if words}
        translations = {tag: dict(words) for tag, words in survey.translations.items()} | {language: kept}
        if visit.text("_act") == "remove":
            del translations[language]
        store(visit, stored, change_head(survey, {"translations": translations}))
    except HeedfulError as error:
        return _page(visit, stored, survey, language, error)
    gone = visit.text("_act") == "remove"
    ahead = "?said=saved" if gone else f"?language={language}&said=saved"
    return visit.redirect(f"/console/surveys/{stored.id}/translations{ahead}")


def _words(visit: Visit, path: str) -> str:
    return visit.text(path).replace("\r\n", "\n")


def _require_language(survey: Survey, tag: str) -> None:
    try:
        Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        remedy = _("Use a tag such as de, pt-BR or ar.")
        raise BadInput(_("“{tag}” is no language.").format(tag=tag), field="language", remedy=remedy) from None
    if tag == survey.language:
        raise BadInput(_("This is the survey's own language."), field="language")


PLACES = (
    Place(PAGE + "/translations", show_translations, role=Role.EDITOR),
    Place(PAGE + "/translations", change_translations, methods=("POST",), role=Role.EDITOR),
)

"""The kinds of questions, by the word a survey file uses; a new kind is added here and gets a template."""

from collections.abc import Mapping

from surveys.domain.kinds.likert_matrix import LikertMatrix
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.rating_scale import Rating, Recommendation
from surveys.domain.kinds.single_choice import SingleChoice
from surveys.domain.kinds.text_entry import LongText, ShortText, Statement
from surveys.domain.questions import Question

KINDS: Mapping[str, type[Question]] = {
    kind.kind: kind
    for kind in (
        SingleChoice,
        MultipleChoice,
        Rating,
        Recommendation,
        LikertMatrix,
        NumberEntry,
        ShortText,
        LongText,
        Statement,
    )
}

"""The kinds of questions, by the word a survey file uses; a new kind is added here and gets a template."""

from collections.abc import Mapping

from surveys.domain.kinds.choice_grid import ChoiceGrid
from surveys.domain.kinds.consent import Consent
from surveys.domain.kinds.constant_sum import ConstantSum
from surveys.domain.kinds.email_entry import EmailEntry
from surveys.domain.kinds.entry_grid import NumberGrid, TextGrid
from surveys.domain.kinds.experience_scales import Effort, Satisfaction
from surveys.domain.kinds.file_upload import FileUpload
from surveys.domain.kinds.hidden_value import HiddenValue
from surveys.domain.kinds.likert_matrix import LikertMatrix
from surveys.domain.kinds.moment_entry import DateEntry, DateTimeEntry, TimeEntry
from surveys.domain.kinds.multiple_choice import MultipleChoice
from surveys.domain.kinds.number_entry import NumberEntry
from surveys.domain.kinds.ranking import Ranking
from surveys.domain.kinds.rating_scale import Rating, Recommendation
from surveys.domain.kinds.single_choice import SingleChoice, YesNo
from surveys.domain.kinds.slider import Slider
from surveys.domain.kinds.text_entry import LongText, ShortText, Statement
from surveys.domain.questions import Question

KINDS: Mapping[str, type[Question]] = {
    kind.kind: kind
    for kind in (
        SingleChoice,
        MultipleChoice,
        YesNo,
        Ranking,
        Rating,
        Recommendation,
        Satisfaction,
        Effort,
        Slider,
        LikertMatrix,
        ChoiceGrid,
        NumberGrid,
        TextGrid,
        NumberEntry,
        ConstantSum,
        ShortText,
        LongText,
        EmailEntry,
        DateEntry,
        TimeEntry,
        DateTimeEntry,
        FileUpload,
        Consent,
        Statement,
        HiddenValue,
    )
}

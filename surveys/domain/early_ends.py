"""Full quotas met before the last page: nobody answers twenty pages to hear at the end that there is no room."""

from surveys.domain.branching import Path
from surveys.domain.cells import Answers
from surveys.domain.definitions import Survey
from surveys.domain.show_rules import Condition, Group, Rule


def decided(survey: Survey, road: Path) -> tuple[str, ...]:
    """Those quotas that the answers so far count for whatever is answered next.

    A condition is decided where every question that it asks was answered; of an expression only the end tells.
    """
    conditions = {each.name: each.when for each in survey.quotas}
    return tuple(name for name in road.quotas if _is_decided(conditions[name], road.answers))


def _is_decided(condition: Condition | None, answers: Answers) -> bool:
    if isinstance(condition, Rule):
        return bool(answers.get(condition.question))
    if isinstance(condition, Group):
        return all(_is_decided(part, answers) for part in condition.parts)
    return condition is None

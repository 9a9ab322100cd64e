"""Which quotas a response counts for, and which of them is full; decided in the transaction that completes it."""

from collections.abc import Iterable, Mapping

from surveys.domain.definitions import Quota, Survey


def full_quota(survey: Survey, counting: Iterable[str], completed: Mapping[str, int]) -> Quota | None:
    """The first quota, in the order of the definition, that leaves no room for a response that counts for these.

    Quotas interlock where a response counts for several: one that is full is enough to turn it away, and then it
    counts for none.

    Args:
        survey: the definition.
        counting: the names of the quotas that the response counts for (`Path.quotas`).
        completed: how many completed responses count for each quota; absent: none.
    """
    names = set(counting)
    return next(
        (each for each in survey.quotas if each.name in names and completed.get(each.name, 0) >= each.limit), None
    )

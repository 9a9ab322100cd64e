"""What is said under a table: the formula of each figure with its source; gettext messages."""

from enum import StrEnum


class Formula(StrEnum):
    """A formula as results name it; docs/survey-statistics.md writes each out."""

    WILSON = "Shares: Wilson score intervals, 95 % (Wilson 1927)."
    STUDENT = "Means: t intervals, 95 % (Student 1908)."
    EFFECTIVE = "Weighted: the effective number of answers stands for their number in intervals and tests (Kish 1965)."
    CENSUS = "Everybody in a finite group was asked: finite population correction (Cochran 1977, 2.6)."
    PEARSON = "Independence: Pearson's chi-square (Pearson 1900)."
    YATES = "Independence: chi-square with continuity correction (Yates 1934)."
    FISHER = "Independence: Fisher's exact test, two-sided (Fisher 1935)."
    CRAMER = "Strength: Cramér's V, from the uncorrected chi-square (Cramér 1946)."
    POOLED = "Letters: two-sided z tests of column shares with the pooled share, {level} %."
    WELCH = "Letters: two-sided t tests of means with unequal variances (Welch 1947), {level} %."
    WELCH_F = "Equal means: F test with unequal variances (Welch 1951)."
    BONFERRONI = "Several comparisons in a row: Bonferroni correction (Dunn 1961)."
    HOLM = "Several comparisons in a row: Holm correction (Holm 1979)."
    UNADJUSTED = "Several comparisons in a row are not corrected for: one in twenty differs by chance."


class Caution(StrEnum):
    """Why a test is to be read with care."""

    SPARSE = "More than a fifth of the expected counts are below 5 (Cochran 1954)."
    TINY = "An expected count is below 1 (Cochran 1954)."
    FEW = "Some columns have fewer answers than the minimum base and are not compared."
    OVERLAP = "The columns overlap, as several answers were possible: they are not compared."
    MULTIPLE = "Several answers were possible: the table as a whole is not tested."

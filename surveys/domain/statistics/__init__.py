"""Formulas for surveys, in plain Python, each with its paper or standard; docs/survey-statistics.md tells them all."""

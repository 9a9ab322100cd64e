"""Questionnaires: from a question to a chart."""

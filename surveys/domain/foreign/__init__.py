"""Surveys that other programs wrote, as tables of our own, with a report of what could not be carried."""

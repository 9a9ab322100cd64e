"""Verbs: one act a file; services never call each other."""

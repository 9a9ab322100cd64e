"""The language of conditions, computed values and piped texts; its grammar is in docs/survey-expressions.md."""

"""Rules: pure functions and values; no database, no network, no clock, no templates."""

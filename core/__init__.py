"""Tools that know neither mail nor surveys: settings, clock, errors, tokens, logs, database, operators, web."""

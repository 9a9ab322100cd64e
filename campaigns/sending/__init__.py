"""Sending: the loop between services and what it stands on (storage, mail); each module is one act of it."""

"""Pages for everyone: what a place is, how it is answered, and the safety around it."""

"""The terminal's rooms: one file for each group of commands; manage.py opens them."""

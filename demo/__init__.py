"""The demo: the whole main job on invented people, run by `make demo`."""

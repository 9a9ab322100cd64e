"""Texts cut to what a format has room for, never inside a character."""


def clipped(text: str, most: int) -> bytes:
    """The text in UTF-8, at most so many bytes of it."""
    return text.encode()[:most].decode(errors="ignore").encode()

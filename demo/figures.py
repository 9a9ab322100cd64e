"""The demo's figures in calm, aligned lines."""

WIDTH = 46


def heading(words: str) -> None:
    """Begin a group of lines."""
    print(f"\n{words}", flush=True)


def line(words: str, figure: object, note: str = "") -> None:
    """One figure, with what it means behind it."""
    written = f"{figure:,}" if isinstance(figure, int) else str(figure)
    print(f"  {words:<{WIDTH}}{written:>8}{'   ' + note if note else ''}", flush=True)


def remark(words: str) -> None:
    """A sentence among the figures."""
    print(f"  {words}", flush=True)

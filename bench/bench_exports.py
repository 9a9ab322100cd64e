"""Exports of 100,000 responses to 30 questions: seconds, size and memory of each format, one JSON line a database.

Each format is written by a process of its own, as `heedful survey export` does, over all responses and over a tenth of
them: `peak_mib` and `tenth_mib` are the most memory that the two ever held. Constant memory means that they are alike.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.bench_results import fill
from bench.towns import AT, a_database, found
from core.database import Database
from surveys.services.export_answers import ExportWish, Format, export_answers
from surveys.storage.surveys import find_survey


def make(url: str, form: Format, path: Path) -> None:
    """What the process of one export does; it prints the most kibibytes of memory that it held."""
    database = Database(url)
    with database.reading() as session, path.open("wb") as file:
        file.writelines(export_answers(session, find_survey(session, "bench"), ExportWish(form), at=AT))
    database.close()
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(peak.split()[1])


def made(url: str, form: Format, folder: Path) -> tuple[float, int, float]:
    """Seconds, bytes, and the most mebibytes of memory of one export in a process of its own."""
    path = folder / f"answers.{form}"
    began = time.perf_counter()
    child = [sys.executable, "-m", "bench.bench_exports", "--make", form, url, str(path)]
    told = subprocess.run(child, capture_output=True, text=True, check=True).stdout
    took = round(time.perf_counter() - began, 1)
    size = path.stat().st_size
    path.unlink()
    return took, size, round(int(told) / 1024, 1)


def measured(kind: str, responses: int, questions: int, forms: list[Format]) -> dict[str, Any]:
    """Every format over a tenth of the responses, then over all of them."""
    figures: dict[str, dict[str, Any]] = {form: {} for form in forms}
    for number, prefix in ((responses // 10, "tenth_"), (responses, "")):
        with a_database(kind) as url, tempfile.TemporaryDirectory(prefix="heedful-bench-") as scratch:
            database = found(url)
            fill(database, number, questions)
            database.close()
            for form in forms:
                seconds, size, peak = made(url, form, Path(scratch))
                figures[form] |= {f"{prefix}mib" if prefix else "peak_mib": peak}
                if not prefix:
                    figures[form] |= {"s": seconds, "file_mb": round(size / 1e6, 1)}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--format", choices=list(Format), action="append")
    parser.add_argument("--make", nargs=3, metavar=("FORMAT", "URL", "FILE"), help="what the benchmark runs itself")
    given = parser.parse_args()
    if given.make:
        form, url, path = given.make
        make(url, Format(form), Path(path))
        return
    forms = [Format(form) for form in given.format or Format]
    for kind in given.database or ("sqlite", "postgresql"):
        facts = {"bench": "exports", "database": kind, "responses": given.responses, "questions": given.questions}
        print(json.dumps(facts | measured(kind, given.responses, given.questions, forms)), flush=True)


if __name__ == "__main__":
    main()

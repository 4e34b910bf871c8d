"""`python -m bench [PART …]`: measure, print beside the goals; exit 1 if one is missed."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.figures import report
from bench.site import make_site

PARTS = {
    "lesson": "A lesson page, in the process",
    "servers": "A lesson page, over the wire",
    "first_visit": "First visit, in Chromium",
    "quiz": "Quizzes",
    "grading": "Grading",
    "formats": "Questions in other formats",
    "certificate": "Certificates",
    "rosters": "Rosters",
    "imports": "A roster comes in",
    "analysis": "Item analysis",
}


def main(wanted: list[str]) -> int:
    """Each part gets a site of its own, so that none leaves something for the next."""
    reached = True
    for part in wanted or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            figures = import_module(f"bench.{part}").figures
            reached &= report(PARTS[part], figures(make_site(Path(folder))))
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

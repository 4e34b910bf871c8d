"""How many answers a second each type of question grades: those of its own examples, right and wrong."""

from collections.abc import Iterator

from bench.figures import Figure
from bench.lesson import cpu
from bench.site import Site
from lms.quiz.types import KINDS
from tests.quiz.test_types import question


def figures(_site: Site) -> Iterator[Figure]:
    """Grading asks no database: what a type takes is all its own."""
    for kind, cls in sorted(KINDS.items()):
        answered = [(question(example.block), example.answer) for example in cls.examples]
        took = cpu(lambda answered=answered: [asked.grade(answer) for asked, answer in answered])
        yield Figure(f"{kind}, answers graded a second of CPU", 1000 * len(answered) / took, "")

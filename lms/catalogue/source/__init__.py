"""Course folders read into frozen elements; docs/course-format.md is the contract, tests/corpus its proof.

Nothing here knows the database. All mistakes of a folder are told at once, each with its file, its line, what
was seen and what is expected, by an example, in Vietnamese, the language of those who write courses.
"""

from lms.catalogue.source.courses import fixed_links, read_course, read_courses
from lms.catalogue.source.identity import missing_slugs
from lms.catalogue.source.markup import RENDERER
from lms.catalogue.source.problems import SourceProblem

__all__ = ["RENDERER", "SourceProblem", "fixed_links", "missing_slugs", "read_course", "read_courses"]

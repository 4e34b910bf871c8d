"""Addresses within a course. They last (product papers and printed cards name them), so they are written out.

Looking each up in the URL map would cost a lesson page as much as one of its queries.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoursePaths:
    """Where things of one course are. An edition asked for by name stays so from page to page."""

    slug: str
    edition: str = ""  # its key, where it was asked for

    @property
    def course(self) -> str:
        """The course itself."""
        return f"/courses/{self.slug}{self._query}"

    def month(self, month: str) -> str:
        """A month of the course's calendar, written 2026-12."""
        return f"/courses/{self.slug}/calendar/{month}{self._query}"

    def module(self, module: str) -> str:
        """A module, by its slug."""
        return f"/courses/{self.slug}/{module}{self._query}"

    def quiz(self, module: str) -> str:
        """The quiz of a module."""
        return f"/courses/{self.slug}/{module}/quiz{self._query}"

    def lesson(self, module: str, lesson: str, section: str = "") -> str:
        """A lesson, from one of its headings on if there is one to start at."""
        anchor = f"#{section}" if section else ""
        return f"/courses/{self.slug}/{module}/{lesson}{self._query}{anchor}"

    def deed(self, module: str, lesson: str, name: str) -> str:
        """Where a form of the lesson is sent: `read`, `position`, `checks/ID`."""
        return f"/courses/{self.slug}/{module}/{lesson}/{name}{self._query}"

    @property
    def _query(self) -> str:
        return f"?edition={self.edition}" if self.edition else ""

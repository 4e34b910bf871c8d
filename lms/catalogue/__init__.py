"""Courses as text: their source, their identities and revisions, what is published."""

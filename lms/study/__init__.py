"""Enrolment, progress, completion: what learners do and what it amounts to."""

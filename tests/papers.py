"""Printed matter as its readers meet it."""

import subprocess


def pdf_text(content: bytes, *, layout: bool = True) -> str:
    """The words of a PDF by poppler's pdftotext: as they lie on the page, or in the order they were set."""
    command = ["pdftotext", "-layout" if layout else "-raw", "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode()

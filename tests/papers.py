"""Printed matter as its readers meet it."""

import subprocess


def pdf_text(content: bytes) -> str:
    """The words of a PDF, as poppler's pdftotext copies them."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()

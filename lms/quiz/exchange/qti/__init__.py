"""QTI: items and packages of versions 2.1 and 3.0, written and taken apart for `formats/qti.py`."""

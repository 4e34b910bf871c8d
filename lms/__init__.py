"""Lớp Số: the rooms of the house. docs/architecture.md is the map."""

__version__ = "0.1.0"

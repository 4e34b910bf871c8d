"""Lớp Số: the rooms of the house. docs/architecture.md is the map."""

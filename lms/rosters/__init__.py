"""Rosters and exports over everything below."""

"""Invented people: a small province to try the site with, and a whole country to measure it with."""

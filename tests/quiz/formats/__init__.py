"""Tests of the formats that questions come and go in."""

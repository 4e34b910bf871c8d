"""Persons, teams, memberships, roles, sign-in and slips; permissions as check and filter."""

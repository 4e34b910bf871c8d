"""Every change to persons, teams, memberships, grants, accounts, slips and imports, as verbs."""

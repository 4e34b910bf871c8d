"""Grading anew what was answered to a question whose key was wrong.

A question that is mended is published as a revision of its own; a regrade lets the answers to another one
count by its key, or gives everybody the points of a question that cannot be mended.
"""

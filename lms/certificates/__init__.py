"""Certificates: issued with the completion, verified by anybody, kept for good."""

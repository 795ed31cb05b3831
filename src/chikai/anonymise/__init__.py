"""Anonymised information: the standard that is fixed first, the table made by it, and what is published about it."""

"""Choices: what each person stopped, and what each person agreed to."""

"""The policy: written once, as structure and prose."""

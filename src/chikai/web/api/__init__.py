"""The face for machines: services and programmes, each with its own token."""

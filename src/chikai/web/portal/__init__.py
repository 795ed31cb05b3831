"""The face for persons: what is held, why it is used, who received it, and how to stop it."""

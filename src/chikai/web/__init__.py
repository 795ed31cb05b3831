"""The server: one Django app, four faces, verbs that return their evidence."""

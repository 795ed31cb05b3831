"""Workers that end in the middle, and what the next one finds."""

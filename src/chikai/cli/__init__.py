"""The command line: `chikai NOUN VERB`, for engineers and for the first officer."""

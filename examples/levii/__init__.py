"""The example company: its policy and its four services, with invented people only."""

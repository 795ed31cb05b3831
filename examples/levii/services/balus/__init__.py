"""Balus, the modelling service in the cloud: its pages, its plans and its monthly billing."""

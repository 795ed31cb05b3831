"""People: who a person is across services, by verified identifiers only."""

"""The ledger: what took effect leaves an entry, and a change to it would be noticed."""

"""Provision to recipients: the basis, the contract, the least items, and the record."""

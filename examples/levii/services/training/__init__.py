"""The training service: a company applies for its people, names them, and gets an invoice and certificates."""

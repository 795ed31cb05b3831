"""Inquiries and complaints: what is asked, and by when a first answer is due."""

"""The company's website: a contact form whose inquiry lands on the desk."""

"""KATA: models that were published as templates, for everybody to take."""

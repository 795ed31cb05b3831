"""Rights: what a person may ask for, and how it is carried out over every source."""

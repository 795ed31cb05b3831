"""The gate: may this service use these data categories of this person for this purpose?"""

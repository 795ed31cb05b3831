"""Schemas modelled on well-known applications, labelled by hand: what a scan proposes is measured on them."""

"""The examples that Chikai is shown and tested with; no part of the product."""

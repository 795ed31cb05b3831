"""Work that takes longer than a page: only here, and on the command line, are sources opened."""

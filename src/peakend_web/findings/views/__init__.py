"""Home, the journey, and a page for every method."""

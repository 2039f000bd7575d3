"""What is drawn from a document: the journey map for a wall, a page and a phone; the pen; and where lines break."""

"""Pages of what came in, of what customers wrote, and the answers as a file."""

"""Pages about oneself, and of a workspace."""

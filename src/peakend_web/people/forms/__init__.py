"""Forms about oneself, and about a workspace."""

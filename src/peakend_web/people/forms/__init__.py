"""Forms about oneself, and about a workspace, its members and its keys."""

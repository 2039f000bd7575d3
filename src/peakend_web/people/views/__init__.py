"""Pages about oneself, and of a workspace, its members, its keys and its audit."""

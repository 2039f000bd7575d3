"""The people served: who they are, how they are reached, what they agreed to, and that it is erased."""

"""Who works here: accounts, workspaces, members, keys, and the audit of what they did."""

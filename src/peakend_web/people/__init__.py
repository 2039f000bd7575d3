"""Who works here: accounts, workspaces, members, keys, and the trail of what they did."""

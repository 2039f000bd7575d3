"""A design on paper: what was chosen, and the process beside the server that draws and prints it."""

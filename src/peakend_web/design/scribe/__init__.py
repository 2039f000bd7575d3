"""Documents that are read from texts and files, and written, in a process beside the server."""

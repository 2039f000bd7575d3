"""What is printed of surveys: their codes, in a process beside the server."""

"""The processes of an installation: the server with its front, the jobs, and what is made before it starts."""

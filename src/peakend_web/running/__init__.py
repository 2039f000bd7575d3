"""The processes of an installation: the server with its front, the jobs, what is made before it starts, and its first
pages: setting it up, and the way into the demo.
"""

"""The API about what comes in and is taken back, for programs that bring rows."""

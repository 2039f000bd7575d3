"""What came in and what customers wrote: imports, programs, words, files taken away, and rows taken back."""

"""Work that is done beside whoever asks for it: by threads, by processes, and how long one waits before a new try."""

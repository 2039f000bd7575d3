"""Messages to customers: the channels they go by, what is said and what became of it.

A message is queued by whoever has something to say, in the transaction of what it is about; the delivery job carries it
out. Each try has one of three outcomes: delivered, refused, or unknown, and what is unknown may have arrived.
"""

"""What a page of results asks: its selection, the questions of the methods, and the figures that answer them."""

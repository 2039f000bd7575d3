"""Which pictures a page of results has, and the process that draws them."""

"""Live video on a page: the stream through the browser, its words and what stands beside it."""

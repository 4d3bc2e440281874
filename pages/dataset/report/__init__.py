"""The audit of the data set, to read on the page and to take home."""

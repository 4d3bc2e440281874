"""What is chosen on a page stands in its address, so that a link opens the page as it is."""

"""What is found in FER2013: the statistics that ship, and tables of rows to take home."""

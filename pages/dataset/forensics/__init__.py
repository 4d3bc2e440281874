"""View "Forensics": what is wrong with the data set."""

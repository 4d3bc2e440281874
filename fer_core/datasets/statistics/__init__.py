"""What is known of FER2013 without FER2013: numbers that ship, with the checksums of what they were made from."""

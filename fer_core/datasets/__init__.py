"""The data: FER2013 in every form people have it in, the votes of FER+, splits, duplicates."""

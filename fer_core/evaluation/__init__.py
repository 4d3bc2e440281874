"""Validation: figures from counts, and a network over the splits."""

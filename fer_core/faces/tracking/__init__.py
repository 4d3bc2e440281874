"""Faces followed through a video: scans of the frame, looks near a face, its picture slid in between."""

"""Pictures in, faces out: decoding, boxes, and Haar segmentation (the paper's third stage)."""

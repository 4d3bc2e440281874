"""Many photos: in order, on several processes or machines, taken up again after an interruption."""

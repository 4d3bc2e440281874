"""Training: recipes, augmentation, the loop with its checkpoints, and the history it leaves."""

"""The recipes: everything that decides a training, as values, and the registry that finds one by name."""

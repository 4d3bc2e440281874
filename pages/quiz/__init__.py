"""The page Quiz: which expression does this face show? People, ten voters and a network beside each other."""

"""Review of labels: the view, what is shown after a decision, and files to take home and to bring back."""

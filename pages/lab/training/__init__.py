"""The column “training” of the class lab, and the runs below it side by side."""

"""The way "With a class": the teacher leads a round on the projector, phones join it and answer."""

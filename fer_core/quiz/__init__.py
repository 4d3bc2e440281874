"""Which expression does this face show? Faces to ask about, rooms for a class, and what the answers come to."""

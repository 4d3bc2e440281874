"""From a face to an expression: recogniser, photos, live video, drawing."""

"""From a face to an expression: recogniser, answers, frames, drawing."""

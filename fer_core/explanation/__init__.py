"""Explanations of an answer: heat maps of the face, and the perturbations that change the answer."""

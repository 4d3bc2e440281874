"""What is shown of a face after its answers, and what a round comes to at its end."""

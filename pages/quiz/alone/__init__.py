"""The way "Alone": one player, one face after the other, and what everybody else said to it."""

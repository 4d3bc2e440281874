"""A token that a browser keeps, so that a reload finds again what belongs to it on the server."""

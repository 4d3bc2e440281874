"""Why a network answers as it does: where in the face it looks, and what changes its mind."""

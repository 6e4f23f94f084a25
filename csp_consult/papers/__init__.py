"""Papers: what the partnership writes from its figures, for its own meetings and for the public."""

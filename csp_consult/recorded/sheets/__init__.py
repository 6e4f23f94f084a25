"""A partnership's own sheets: figures as analysts keep them, long or as a crosstab."""

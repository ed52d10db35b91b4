"""The search: Chinese cut into words, and the index read beside the rendering."""

"""What the browser gets: the section on a page, the bundle behind it, and the Python in its worker."""

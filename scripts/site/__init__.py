"""What MkDocs calls while it builds: one module for each thing that happens to a page or to the site."""

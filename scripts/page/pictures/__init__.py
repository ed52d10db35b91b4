"""Pictures of what was measured, as SVG in the page."""

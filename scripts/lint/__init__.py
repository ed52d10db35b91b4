"""What looks for mistakes without running anything: ``python -m scripts.lint``."""

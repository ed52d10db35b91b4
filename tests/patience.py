"""How long a test waits for what shall come."""

PATIENCE = 240
"""Seconds, after which it is taken for lost: no machine is as busy as that, and pytest itself waits longer."""

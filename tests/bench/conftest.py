"""The records of the tests of measuring."""

from tests.measure.conftest import record

__all__ = ["record"]

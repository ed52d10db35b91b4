"""Nothing that a program complains of is overlooked where it is run strictly."""

import pytest

from scripts.lab import Settings
from tests.strictly import complaints, in_the_lab, printed

LEAVES_OPEN = "open(__file__)\n"


@pytest.mark.parametrize("text", [LEAVES_OPEN, "1 / 0"], ids=["a file that nobody closes", "an exception"])
def test_a_program_that_complains_has_not_printed(text, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(text)
    with pytest.raises(AssertionError, match="ResourceWarning|ZeroDivisionError"):
        printed(program)


def test_in_the_lab_a_file_that_nobody_closes_is_a_complaint(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(LEAVES_OPEN)
    assert "ResourceWarning: unclosed file" in complaints(in_the_lab(program, Settings()).stderr)[-1]

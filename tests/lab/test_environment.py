"""What a program that the build runs is told of the one who builds."""

from scripts.lab import bare_environment


def test_neither_secrets_nor_what_would_change_a_number_are_passed_on(monkeypatch):
    for name in ("API_TOKEN", "AWS_SECRET_ACCESS_KEY", "PYTHONDEVMODE", "PYTHONPATH"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = bare_environment()
    assert environment["LANG"] == "C.UTF-8"
    assert "secret" not in environment.values()

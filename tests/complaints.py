"""What a program complains of on standard error."""


def complaints(stderr):
    """Its lines, but those in which asyncio's debug mode tells of steps over 0.1 s: a busy machine's are."""
    return [line for line in stderr.decode().splitlines() if not line.startswith("Executing <")]

"""Everything that makes the pages true."""

"""The lab without namespaces: example.com on 127.0.0.1, for Python programs, on any system."""

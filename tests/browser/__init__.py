"""Tests in a real browser, and a package for pytest to see when it leaves it.

Playwright's synchronous interface has an event loop running in the main thread as long as it is there, so that
no other test could start one.
"""

"""What can be wrong with a page."""

from mkdocs.exceptions import PluginError
from pymdownx.superfences import SuperFencesException


class PageFailed(SuperFencesException, PluginError):
    """What is wrong with a page, as ``docs/zh/x.md:LINE: cause``.

    superfences swallows whatever a fence raises but its own exception; MkDocs ends with status 1 and
    without a traceback, strict or not, for its own only.  So this is both.
    """

"""Tables of the text: each cell knows the title of its column, which stands beside it in the hand."""

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE


class Labels(Treeprocessor):
    """Names each cell behind the first of its row by the title of its column, as `data-label`."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for table in root.iter("table"):
            titles = [HTML_PLACEHOLDER_RE.sub("", "".join(head.itertext())) for head in table.iter("th")]
            for row in table.iter("tr"):
                for title, cell in zip(titles[1:], row.findall("td")[1:], strict=False):
                    cell.set("data-label", title)

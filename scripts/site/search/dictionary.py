"""jieba and its dictionary, ready in a tenth of the time: jieba would first note how every word begins."""

from bisect import bisect_left
from functools import cache

import jieba


class Frequencies(dict[str, int | None]):
    """How often each word is used: 0 for what is only the beginning of one, None for what is neither."""

    def __init__(self, words: list[str], counts: list[int]) -> None:
        super().__init__(zip(words, counts, strict=True))
        self._words = [*sorted(words), ""]

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self[text] is not None

    def __missing__(self, text: str) -> int | None:
        begins = self._words[bisect_left(self._words, text, hi=len(self._words) - 1)].startswith(text)
        self[text] = 0 if begins else None
        return self[text]


class Tokenizer(jieba.Tokenizer):
    """Cuts as jieba does, to the letter."""

    def initialize(self, dictionary: str | None = None) -> None:
        with self.get_dict_file() as file:
            fields = file.read().decode().split()  # of each word: itself, a count, a tag
        counts = [*map(int, fields[1::3])]
        self.FREQ, self.total = Frequencies(fields[::3], counts), sum(counts)
        self.initialized = True


_tokenizer = Tokenizer()


@cache
def cut(text: bytes | str) -> list[str]:
    """The words of the text, as `jieba.cut` finds them."""
    return [*_tokenizer.cut(text)]

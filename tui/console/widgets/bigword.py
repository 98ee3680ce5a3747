"""A verdict three rows high, in half blocks."""

from __future__ import annotations

# Four pixels high; two pixels stand above each other in a cell, half a row is margin.
_LETTERS = {
    "A": (" ## ", "#  #", "####", "#  #"),
    "B": ("### ", "### ", "#  #", "### "),
    "D": ("### ", "#  #", "#  #", "### "),
    "E": ("###", "## ", "#  ", "###"),
    "F": ("####", "#   ", "### ", "#   "),
    "I": ("#", "#", "#", "#"),
    "L": ("#  ", "#  ", "#  ", "###"),
    "N": ("#   #", "##  #", "# # #", "#  ##"),
    "O": (" ## ", "#  #", "#  #", " ## "),
    "P": ("### ", "#  #", "### ", "#   "),
    "R": ("### ", "#  #", "### ", "#  #"),
    "S": (" ###", "##  ", "  ##", "### "),
    "T": ("###", " # ", " # ", " # "),
    "U": ("#  #", "#  #", "#  #", " ## "),
    "V": ("#   #", "#   #", " # # ", "  #  "),
}
_NARROW = {
    "A": (" # ", "# #", "###", "# #"),
    "B": ("## ", "###", "# #", "###"),
    "D": ("## ", "# #", "# #", "## "),
    "E": ("###", "## ", "#  ", "###"),
    "F": ("###", "#  ", "## ", "#  "),
    "I": ("#", "#", "#", "#"),
    "L": ("# ", "# ", "# ", "##"),
    "N": ("#  #", "## #", "# ##", "#  #"),
    "O": ("###", "# #", "# #", "###"),
    "P": ("###", "# #", "###", "#  "),
    "R": ("## ", "# #", "## ", "# #"),
    "S": ("###", "#  ", " ##", "## "),
    "T": ("###", " # ", " # ", " # "),
    "U": ("# #", "# #", "# #", "###"),
    "V": ("# #", "# #", "# #", " # "),
}
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def big_word(word: str, *, narrow: bool = False) -> tuple[str, str, str]:
    """The word as three rows of half blocks, with half a row free above and beneath."""
    pixels = ["", "", "", "", "", ""]
    letters = _NARROW if narrow else _LETTERS
    for letter in word:
        for number, line in enumerate(("", *letters[letter], "")):
            pixels[number] += line.ljust(len(letters[letter][0])) + " "
    rows = []
    for upper, lower in ((0, 1), (2, 3), (4, 5)):
        pairs = zip(pixels[upper][:-1], pixels[lower][:-1], strict=True)
        rows.append("".join(_HALVES[(top == "#", bottom == "#")] for top, bottom in pairs))
    return rows[0], rows[1], rows[2]

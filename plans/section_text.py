"""A section says what will be done, by whom, when, and how it is followed up. The parts lie in one sealed text under
these headings, so that whoever prints, freezes or sends the section needs to know of one text only. What was written
before there were parts is all *what*."""

PARTS = {
    "what": "Vad vi gör", "who": "Vem som gör det", "when": "När", "follow_up": "Hur det följs upp",
}  # fmt: skip
_NAME_OF = {f"{heading}:": name for name, heading in PARTS.items()}


def put_together(parts):
    """One text of the parts that say something. With *what* alone it is as it was typed."""
    said = {name: _plain(parts.get(name, "")) for name in PARTS}
    said = {name: words for name, words in said.items() if words.strip()}
    if set(said) <= {"what"}:
        return said.get("what", "")
    return "\n\n".join(f"{PARTS[name]}:\n{words}" for name, words in said.items())


def taken_apart(text):
    """{part: words}, for every part."""
    found, name = {part: [] for part in PARTS}, "what"
    for line in _lines(text).split("\n"):
        if line in _NAME_OF:
            name = _NAME_OF[line]
        else:
            found[name].append(line)
    return {part: "\n".join(lines).strip("\n") for part, lines in found.items()}


def read_out(text):
    """[(heading or "", words)], for those who read: without headings where there are no parts."""
    parts = taken_apart(text)
    if not any(words for name, words in parts.items() if name != "what"):
        return [("", parts["what"])]
    return [(PARTS[name], words) for name, words in parts.items() if words]


def _plain(words):
    """A line that somebody typed just like a heading gets a space after it, and stays where she wrote it."""
    lines = _lines(words).strip("\n").split("\n")
    return "\n".join(f"{line} " if line in _NAME_OF else line for line in lines)


def _lines(words):
    """However the other end writes a new line."""
    return words.replace("\r\n", "\n").replace("\r", "\n")

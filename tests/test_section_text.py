"""The parts of a section in one text: taken apart they are what was typed, whatever was typed."""

from hypothesis import given
from hypothesis import strategies as st

from plans.section_text import PARTS, put_together, taken_apart

words = st.one_of(st.text(max_size=40), st.sampled_from([f"{heading}:" for heading in PARTS.values()]))


def plain(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


@given(st.fixed_dictionaries(dict.fromkeys(PARTS, words)))
def test_what_was_typed_comes_back(parts):
    back = taken_apart(put_together(parts))
    headings = {f"{heading}: ": f"{heading}:" for heading in PARTS.values()}
    for name, typed in parts.items():
        lines = [headings.get(line, line) for line in back[name].split("\n")]
        assert "\n".join(lines) == (plain(typed) if typed.strip() else ""), name
    assert put_together(back) == put_together(parts), "and is saved as the same text"


def test_what_was_written_before_there_were_parts_is_what():
    old = "Samtal varje vecka.\r\n\r\nVi ses på mottagningen."
    assert taken_apart(old) == {"what": plain(old), "who": "", "when": "", "follow_up": ""}
    assert put_together({"what": old}) == plain(old)


def test_the_text_reads_well():
    text = put_together({"what": "Samtal", "who": "", "when": "Onsdagar", "follow_up": ""})
    assert text == "Vad vi gör:\nSamtal\n\nNär:\nOnsdagar"

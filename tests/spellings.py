"""A number in every usual spelling, for the property tests."""

from hypothesis import strategies as st

# Of the Swedish Tax Agency's official test numbers, coordination numbers among them.
OFFICIAL = ["196610232842", "199202252392", "198508282392", "196005812380", "199108652380", "200608222386"]
GAPS = st.sampled_from(["", "-", " ", "–", " - ", "\u2011", "−", "\u00a0"])
DIGITS = st.sampled_from(["0123456789", "０１２３４５６７８９"])


@st.composite
def spellings(draw, number):
    """With and without the century, with hyphen, other dashes, spaces, and from another keyboard."""
    text = draw(st.sampled_from([number, number[2:]]))
    body = f"{text[:-4]}{draw(GAPS)}{text[-4:]}"
    if len(text) == 12 and draw(st.booleans()):
        body = f"{body[:4]}{draw(GAPS)}{body[4:6]}{draw(GAPS)}{body[6:]}"
    body = body.translate(str.maketrans("0123456789", draw(DIGITS)))
    return f"{draw(st.sampled_from(['', ' ']))}{body}{draw(st.sampled_from(['', ' ']))}"

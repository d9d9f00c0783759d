"""Somebody owns the database and changes the log; the anchors outside are not hers."""


class Found:
    def __init__(self):
        self.tries, self.found, self.false_alarms, self.missed, self.by_way = 0, 0, 0, [], {}

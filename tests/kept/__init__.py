"""Nothing is lost: edits that cross each other, forms that are sent twenty times, servers that are killed in the middle
of writing. ``make kept`` is the whole run; ``tests/test_kept.py`` is the suite's share."""

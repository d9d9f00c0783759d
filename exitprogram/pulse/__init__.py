"""Is the machinery alive? Rounds that were finished, and how those outside get to know when they are not."""

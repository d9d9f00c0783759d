"""Work that takes longer than a page: done by a worker in its asker's name, in parts, seen and stopped on a page."""

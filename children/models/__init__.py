"""The programme for children: what is told of a child, and of the way out of the programme."""

from children.models.bridge import Bridge, FileOpening

__all__ = ["Bridge", "FileOpening"]

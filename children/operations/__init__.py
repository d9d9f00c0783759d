"""Every write about a child's programme. One function per act: keyword-only, ``by=``, atomic, audited."""

from children.operations.workers import end_child_worker, give_child_worker

__all__ = ["end_child_worker", "give_child_worker"]

from reporting.operations.region import view_region

__all__ = ["view_region"]

"""The letterhead of an authority on its letters."""

from exitprogram.tenancy.models import Letterhead


def letterhead_of(authority):
    """As its administrator has written it; else the authority's name alone. None for a paper of no authority."""
    if authority is None:
        return Letterhead(name="", version=0)
    saved = Letterhead.objects.filter(authority_id=authority.pk).first()
    return saved or Letterhead(authority=authority, name=authority.name, version=0)

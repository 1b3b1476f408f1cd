"""The public site: static pages that need no server and no script, published on the decision of two people."""

from monitor.packs.site.building import Site, build_site
from monitor.packs.site.publishing import (
    Proposal,
    Published,
    SiteChanges,
    changes_now,
    changes_of,
    make_again,
    preview_site,
    propose_site,
    publish_site,
)
from monitor.packs.site.writing import Written, write_site

__all__ = [
    "Proposal",
    "Published",
    "Site",
    "SiteChanges",
    "Written",
    "build_site",
    "changes_now",
    "changes_of",
    "make_again",
    "preview_site",
    "propose_site",
    "publish_site",
    "write_site",
]

"""A real WordPress on a real socket, with WooCommerce's own classes as a stub that says it is one."""

from tests.wordpress.site import Site, absent, built_site, serving

__all__ = ["Site", "absent", "built_site", "serving"]

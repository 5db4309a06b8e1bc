"""A Shopify shop as it answers: the real schema executed over books in a file.

What was captured from a live shop, what its documentation says and what is only modelled stands where it is done.
"""

from tests.simulators.shopify.server import SimulatedShop, simulated_shop

__all__ = ["SimulatedShop", "simulated_shop"]

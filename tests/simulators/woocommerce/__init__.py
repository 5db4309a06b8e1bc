"""A WooCommerce 11 store as it answers: shapes, errors, statuses and races are those of tests/recordings/woocommerce.

What no recording shows is said to be modelled, in the docstring of what models it.
"""

from tests.simulators.woocommerce.server import SimulatedStore, simulated_store

__all__ = ["SimulatedStore", "simulated_store"]

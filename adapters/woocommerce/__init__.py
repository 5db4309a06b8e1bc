"""The WooCommerce channel.

"Fact n" in the comments of this folder is a thing seen on a real WooCommerce 11.0.1 store; the answers it was seen in
are kept in tests/recordings/woocommerce/.
"""

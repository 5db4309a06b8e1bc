"""The WooCommerce channel."""

"""The WooCommerce channel against what a real store answered."""

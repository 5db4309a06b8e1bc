"""A Shopify shop."""

"""The Shopify channel: Admin API 2026-10, GraphQL only, native returns.

What is said of Shopify has a mark: [S] seen in the real schema, [C] captured from a live shop, [D] written in its
documentation, [M] modelled, because nobody could look.
"""

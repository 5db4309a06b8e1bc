// Where this Backhaul is: the same address as in shopify.app.toml.
export const INSTALL = "https://returns.example.com";

import { INSTALL } from "./install.js";

// Asks Backhaul as the customer who is signed in: Shopify's session token says who that is.
export async function ask(path, sent) {
  const token = await shopify.sessionToken.get();
  const answer = await fetch(`${INSTALL}/shopify/customer/orders/${path}`, {
    method: sent ? "POST" : "GET",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: sent && JSON.stringify(sent),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

export function tail(gid) {
  return gid.split("/").pop().split("?")[0];
}

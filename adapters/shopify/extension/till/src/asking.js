import { INSTALL } from "./install.js";

// Asks Backhaul as who is signed in to this till. Who stands here and where goes along, to be written down.
export async function ask(path, sent) {
  const token = await shopify.session.getSessionToken();
  const answer = await fetch(`${INSTALL}/shopify/till/${path}`, {
    method: sent ? "POST" : "GET",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: sent && JSON.stringify(sent),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

export function attribution() {
  const { locationId } = shopify.session.currentSession;
  const staff = shopify.session.staffMember?.value?.id;
  return { key: crypto.randomUUID(), staff_id: staff ? String(staff) : "", location_id: locationId ? String(locationId) : "" };
}

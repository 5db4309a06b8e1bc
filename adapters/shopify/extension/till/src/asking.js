import { INSTALL } from "./install.js";

// Asks Backhaul as who is signed in to this till. Who stands here and where goes along, to be written down.
export async function ask(path, sent) {
  const token = await shopify.session.getSessionToken();
  if (!token) throw new Error(shopify.i18n.translate("no_access"));
  const answer = await fetch(`${INSTALL}/shopify/till/${path}`, {
    method: sent ? "POST" : "GET",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: sent && JSON.stringify(sent),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

// Names a form, so that what is sent twice is done once.
function once() {
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

export function attribution() {
  const { locationId } = shopify.session.currentSession;
  const staff = shopify.session.staffMember?.value?.id;
  return { key: once(), staff_id: staff ? String(staff) : "", location_id: locationId ? String(locationId) : "" };
}

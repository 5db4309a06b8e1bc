import "@shopify/ui-extensions/preact";
import { h, render } from "preact";

export default function extension() {
  render(h("s-button", null, shopify.i18n.translate("menu")), document.body);
}

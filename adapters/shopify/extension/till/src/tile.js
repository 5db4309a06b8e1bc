import "@shopify/ui-extensions/preact";
import { h, render } from "preact";

export default function extension() {
  const press = () => shopify.action.presentModal();
  render(
    h("s-tile", { heading: shopify.i18n.translate("tile"), subheading: shopify.i18n.translate("tile_more"), onClick: press }),
    document.body,
  );
}

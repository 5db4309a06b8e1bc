<?php
/**
 * Plugin Name: Backhaul Returns
 * Description: Returns and exchanges: an assistant on the storefront, "Return items" on orders, and refunds that are made once.
 * Version: 1.0.0
 * Requires at least: 6.2
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 8.2
 * Text Domain: backhaul-returns
 * Domain Path: /languages
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

define( 'BACKHAUL_RETURNS_VERSION', '1.0.0' );
define( 'BACKHAUL_RETURNS_FILE', __FILE__ );

foreach ( array( 'settings', 'token', 'acts', 'lock', 'refunds', 'restocks', 'rest', 'storefront', 'account', 'order-panel', 'settings-page' ) as $backhaul_part ) {
	require_once __DIR__ . "/includes/class-backhaul-$backhaul_part.php";
}
unset( $backhaul_part );

register_activation_hook( __FILE__, 'backhaul_returns_activated' );
register_deactivation_hook( __FILE__, 'flush_rewrite_rules' );

add_action( 'before_woocommerce_init', 'backhaul_returns_declare' );
add_action( 'init', 'backhaul_returns_texts' );
add_action( 'rest_api_init', array( 'Backhaul_Rest', 'register' ) );
Backhaul_Storefront::register();
Backhaul_Account::register();
Backhaul_Order_Panel::register();
Backhaul_Settings_Page::register();

/** Make the tables, take over what the download knew of the connection, and let the account page be found. */
function backhaul_returns_activated() {
	Backhaul_Acts::make_table();
	Backhaul_Lock::make_table();
	Backhaul_Settings::take_over( __DIR__ . '/connection.php' );
	Backhaul_Account::add_endpoint();
	flush_rewrite_rules();
}

/** Say that orders in tables of their own (HPOS) are fine. */
function backhaul_returns_declare() {
	if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
		\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
	}
}

/** Load the words of the site's language. */
function backhaul_returns_texts() {
	load_plugin_textdomain( 'backhaul-returns', false, basename( __DIR__ ) . '/languages' );
}

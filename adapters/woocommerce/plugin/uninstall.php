<?php
/**
 * Whoever deletes the plugin deletes what it kept: its settings, its ledger of acts, its locks.
 *
 * Refunds and stock are the store's own and stay, and so does our mark on them, by which they are found again.
 *
 * @package Backhaul
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Clean up one site. */
function backhaul_returns_clean_up() {
	global $wpdb;
	delete_option( 'backhaul_returns' );
	foreach ( array( 'backhaul_acts', 'backhaul_locks' ) as $backhaul_table ) {
		$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}$backhaul_table" ); // phpcs:ignore WordPress.DB
	}
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $backhaul_site ) {
		switch_to_blog( $backhaul_site );
		backhaul_returns_clean_up();
		restore_current_blog();
	}
} else {
	backhaul_returns_clean_up();
}

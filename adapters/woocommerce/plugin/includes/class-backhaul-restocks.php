<?php
/**
 * Goods back on sale, once for a key.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** Stock is raised by what came back, never set: a sale in the same moment is not lost. */
final class Backhaul_Restocks {
	const MARK = '_backhaul_restocked';

	/** Raise the stock of all lines (product_id, quantity) and note it under the key: all of it or nothing. */
	public static function raise( string $key, array $lines ) {
		global $wpdb;
		$essence = hash( 'sha256', (string) wp_json_encode( $lines ) );
		$owner   = Backhaul_Acts::claim( $key, 'restock', $essence, 1 );
		if ( ! $owner ) {
			return;
		}
		$wpdb->query( 'START TRANSACTION' ); // phpcs:ignore WordPress.DB
		try {
			if ( Backhaul_Acts::end( $key, $owner, 'done', array( 'date_created_gmt' => gmdate( 'Y-m-d\TH:i:s' ) ) ) ) {
				foreach ( $lines as $line ) {
					self::raise_one( $key, $line );
				}
			}
			$wpdb->query( 'COMMIT' ); // phpcs:ignore WordPress.DB
		} catch ( Throwable $error ) {
			$wpdb->query( 'ROLLBACK' ); // phpcs:ignore WordPress.DB
			Backhaul_Acts::let_go( $key, $owner );
			throw $error;
		}
	}

	/** What is gone from the catalogue, or not counted, is left out. */
	private static function raise_one( string $key, array $line ) {
		$product = wc_get_product( (int) $line['product_id'] );
		if ( $product && $product->managing_stock() && (int) $line['quantity'] > 0 ) {
			add_post_meta( $product->get_stock_managed_by_id(), self::MARK, $key . ':' . (int) $line['product_id'] );
			wc_update_product_stock( $product, (int) $line['quantity'], 'increase' );
		}
	}
}

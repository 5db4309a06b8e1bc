<?php
/**
 * The doors for Backhaul itself, opened by the same keys as WooCommerce's own REST API.
 *
 * WooCommerce lets its keys in at every namespace that begins with "wc-".
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** Routes under /wp-json/wc-backhaul/v1. */
final class Backhaul_Rest {
	const SPACE = 'wc-backhaul/v1';
	const KEY   = '(?P<key>[A-Za-z0-9._~-]{1,150})';

	/** Add the routes. */
	public static function register() {
		self::route( '/status', 'GET', 'status', 'edit_shop_orders' );
		self::route( '/acts/' . self::KEY, 'GET', 'act', 'edit_shop_orders' );
		self::route( '/refunds/' . self::KEY, 'POST', 'refund', 'edit_shop_orders' );
		self::route( '/restocks/' . self::KEY, 'POST', 'restock', 'edit_products' );
	}

	/** That the plugin is here, and for which shop. */
	public static function status() {
		return array(
			'plugin'  => 'backhaul-returns',
			'version' => BACKHAUL_RETURNS_VERSION,
			'shop'    => Backhaul_Settings::get( 'shop' ),
			'acts'    => array( 'refund', 'restock' ),
		);
	}

	/** What became of what was asked under a key. */
	public static function act( WP_REST_Request $request ) {
		return self::told( (string) $request['key'] );
	}

	/** Make a refund. */
	public static function refund( WP_REST_Request $request ) {
		$asked = (array) $request->get_json_params();
		if ( ! isset( $asked['amount'] ) || ! is_string( $asked['amount'] ) || ! is_numeric( $asked['amount'] ) || empty( $asked['order_id'] ) ) {
			return new WP_Error( 'backhaul_bad_request', 'amount is a string and order_id a number.', array( 'status' => 400 ) );
		}
		$asked['key'] = (string) $request['key'];
		try {
			( new Backhaul_Refunds( $asked ) )->give();
		} catch ( DomainException $error ) {
			return new WP_Error( 'backhaul_key_used', $error->getMessage(), array( 'status' => 409 ) );
		}
		return self::told( $asked['key'] );
	}

	/** Put goods back on sale. */
	public static function restock( WP_REST_Request $request ) {
		$asked = (array) $request->get_json_params();
		$lines = isset( $asked['lines'] ) && is_array( $asked['lines'] ) ? array_values( $asked['lines'] ) : array();
		foreach ( $lines as $line ) {
			if ( ! is_array( $line ) || ! isset( $line['product_id'], $line['quantity'] ) ) {
				return new WP_Error( 'backhaul_bad_request', 'A line has product_id and quantity.', array( 'status' => 400 ) );
			}
		}
		Backhaul_Restocks::raise( (string) $request['key'], $lines );
		return self::told( (string) $request['key'] );
	}

	private static function route( string $path, string $method, string $answer, string $right ) {
		register_rest_route(
			self::SPACE,
			$path,
			array(
				'methods'             => $method,
				'callback'            => array( __CLASS__, $answer ),
				'permission_callback' => static function () use ( $right ) {
					return current_user_can( $right );
				},
			)
		);
	}

	/** The answer for a key, the same whoever asks and however often: done, refused, under_way, unknown. */
	private static function told( string $key ) {
		$row = Backhaul_Acts::row( $key );
		if ( $row && 'paying' === $row->state && (int) $row->ends_at < time() ) {
			Backhaul_Refunds::look_after( $row );
			$row = Backhaul_Acts::row( $key );
		}
		if ( ! $row ) {
			return new WP_Error( 'backhaul_no_such_act', 'Nothing was asked under that key.', array( 'status' => 404 ) );
		}
		return array(
			'key'     => $row->act_key,
			'kind'    => $row->kind,
			'turn'    => (int) $row->turn,
			'state'   => self::state_of( $row ),
			'outcome' => in_array( $row->state, array( 'done', 'refused' ), true ) ? json_decode( $row->outcome, true ) : null,
		);
	}

	/** Abandoned: whoever asks again makes it. Unknown: the gateway may have been asked, and nobody noted its answer. */
	private static function state_of( stdClass $row ): string {
		$is_over = (int) $row->ends_at < time();
		$words   = array(
			'claimed' => $is_over ? 'abandoned' : 'under_way',
			'paying'  => $is_over ? 'unknown' : 'under_way',
		);
		return $words[ $row->state ] ?? $row->state;
	}
}

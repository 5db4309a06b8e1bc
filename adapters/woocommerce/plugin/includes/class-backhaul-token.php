<?php
/**
 * What this store says of who is signed in, signed, for a short while.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** Signed tokens: BASE64URL(JSON) "." BASE64URL(HMAC-SHA256 of the first part). */
final class Backhaul_Token {
	const FOR_SHOPPERS = 'shopper';
	const FOR_STAFF    = 'staff';
	const SECONDS      = 1800;

	/** That the signed-in customer is who they are, and that the order, if one is named, is theirs. */
	public static function of_customer( WP_User $user, ?WC_Order $order = null ): string {
		return self::signed(
			array(
				'for'      => self::FOR_SHOPPERS,
				'customer' => (string) $user->ID,
				'email'    => $order ? $order->get_billing_email() : $user->user_email,
				'order'    => $order ? (string) $order->get_id() : '',
			)
		);
	}

	/** That somebody who may edit the order wants to see its returns. */
	public static function of_staff( int $order_id ): string {
		return self::signed(
			array(
				'for'      => self::FOR_STAFF,
				'customer' => '',
				'email'    => '',
				'order'    => (string) $order_id,
			)
		);
	}

	/** Claims of a shop, with their time, signed; empty without a secret. */
	public static function signed( array $claims ): string {
		$secret = Backhaul_Settings::get( 'secret' );
		if ( '' === $secret ) {
			return '';
		}
		$now    = time();
		$claims = array_merge(
			array(
				'v'    => 1,
				'shop' => Backhaul_Settings::get( 'shop' ),
				'iat'  => $now,
				'exp'  => $now + self::SECONDS,
			),
			$claims
		);
		$said   = self::encoded( (string) wp_json_encode( $claims ) );
		return $said . '.' . self::encoded( hash_hmac( 'sha256', $said, $secret, true ) );
	}

	private static function encoded( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ); // phpcs:ignore
	}
}

<?php
/**
 * Where Backhaul is, what this shop is called there, and the secret that both know.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** The plugin's settings: one option. */
final class Backhaul_Settings {
	const OPTION = 'backhaul_returns';
	const EMPTY  = array(
		'address'  => '',
		'shop'     => '',
		'secret'   => '',
		'launcher' => 'yes',
		'account'  => 'yes',
	);

	/** All settings. */
	public static function all(): array {
		$kept = get_option( self::OPTION, array() );
		return array_merge( self::EMPTY, is_array( $kept ) ? $kept : array() );
	}

	/** One setting. */
	public static function get( string $name ): string {
		return (string) self::all()[ $name ];
	}

	/** Whether it is known where Backhaul is. */
	public static function is_connected(): bool {
		return '' !== self::get( 'address' ) && '' !== self::get( 'shop' );
	}

	/** The address of something of this shop at Backhaul. */
	public static function url( string $path ): string {
		return self::get( 'address' ) . '/shops/' . rawurlencode( self::get( 'shop' ) ) . $path;
	}

	/** Keep what the download of the plugin knows of the connection; what was set by hand besides stays. */
	public static function take_over( string $file ) {
		$known = is_readable( $file ) ? require $file : array();
		if ( is_array( $known ) && $known ) {
			update_option( self::OPTION, self::clean( array_merge( self::all(), $known ) ), true );
		}
	}

	/** Settings as they may be kept, whatever was typed. */
	public static function clean( $typed ): array {
		$typed   = array_merge( self::all(), is_array( $typed ) ? $typed : array() );
		$address = untrailingslashit( esc_url_raw( trim( (string) $typed['address'] ), array( 'https', 'http' ) ) );
		return array(
			'address'  => $address,
			'shop'     => sanitize_title( (string) $typed['shop'] ),
			'secret'   => preg_replace( '/[^A-Za-z0-9_-]/', '', (string) $typed['secret'] ),
			'launcher' => 'yes' === $typed['launcher'] ? 'yes' : 'no',
			'account'  => 'yes' === $typed['account'] ? 'yes' : 'no',
		);
	}
}

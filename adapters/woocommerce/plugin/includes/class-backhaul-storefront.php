<?php
/**
 * The assistant on the storefront: in a corner of every page, as a block, as a shortcode.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** Where shoppers meet the assistant. */
final class Backhaul_Storefront {
	const MODES = array( 'launcher', 'inline', 'page' );

	/** Tell WordPress. */
	public static function register() {
		add_action( 'init', array( __CLASS__, 'register_block' ) );
		add_shortcode( 'backhaul_returns', array( __CLASS__, 'shortcode' ) );
		add_action( 'wp_footer', array( __CLASS__, 'launcher' ) );
	}

	/** The block: no build step, so its script is written by hand. */
	public static function register_block() {
		$script = 'backhaul-returns-block';
		wp_register_script( $script, plugins_url( 'assets/block.js', BACKHAUL_RETURNS_FILE ), array( 'wp-blocks', 'wp-element' ), BACKHAUL_RETURNS_VERSION, true );
		wp_localize_script( $script, 'backhaulReturnsBlock', array( 'title' => __( 'Returns assistant', 'backhaul-returns' ) ) );
		register_block_type(
			'backhaul/returns',
			array(
				'api_version'     => 2,
				'title'           => __( 'Returns assistant', 'backhaul-returns' ),
				'category'        => 'widgets',
				'editor_script'   => $script,
				'render_callback' => static function () {
					return self::embed( 'inline' );
				},
			)
		);
	}

	/** [backhaul_returns mode="inline"]. */
	public static function shortcode( $attributes ): string {
		$given = shortcode_atts( array( 'mode' => 'inline' ), $attributes, 'backhaul_returns' );
		return self::embed( (string) $given['mode'] );
	}

	/** The corner of every page, but not where the assistant stands anyway. Pages may be cached: no token there. */
	public static function launcher() {
		if ( 'yes' === Backhaul_Settings::get( 'launcher' ) && ! Backhaul_Account::is_returns_page() ) {
			echo self::embed( 'launcher' ); // phpcs:ignore WordPress.Security.EscapeOutput
		}
	}

	/** The assistant, with what the store says of who is signed in; a link for who has no JavaScript. */
	public static function embed( string $mode, string $customer = '' ): string {
		if ( ! Backhaul_Settings::is_connected() ) {
			return '';
		}
		$told = array(
			'src'           => Backhaul_Settings::get( 'address' ) . '/widget.js',
			'data-shop'     => Backhaul_Settings::get( 'shop' ),
			'data-mode'     => in_array( $mode, self::MODES, true ) ? $mode : 'inline',
			'data-language' => substr( determine_locale(), 0, 2 ),
			'data-customer' => $customer,
		);
		$said = '';
		foreach ( array_filter( $told, 'strlen' ) as $name => $value ) {
			$said .= sprintf( ' %s="%s"', $name, 'src' === $name ? esc_url( $value ) : esc_attr( $value ) );
		}
		$without = sprintf( '<noscript><a href="%s">%s</a></noscript>', esc_url( Backhaul_Settings::url( '/returns' ) ), esc_html__( 'Return or exchange items', 'backhaul-returns' ) );
		return "<script$said async></script>" . $without; // phpcs:ignore WordPress.WP.EnqueuedResources
	}
}

<?php
/**
 * The returns of an order, shown where the shop's people work on it.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** A panel beside the order, with orders in tables of their own (HPOS) and with orders as posts alike. */
final class Backhaul_Order_Panel {
	const SECONDS = 5;

	/** Tell WordPress. */
	public static function register() {
		add_action( 'add_meta_boxes', array( __CLASS__, 'add' ) );
	}

	/** The panel on the order's page, whichever page that is. */
	public static function add() {
		$screen = function_exists( 'wc_get_page_screen_id' ) ? wc_get_page_screen_id( 'shop-order' ) : 'shop_order';
		foreach ( array_unique( array( 'shop_order', $screen ) ) as $where ) {
			add_meta_box( 'backhaul-returns', __( 'Returns', 'backhaul-returns' ), array( __CLASS__, 'show' ), $where, 'side' );
		}
	}

	/** The panel; WordPress gives it a post, WooCommerce's own tables an order. */
	public static function show( $shown ) {
		$order = $shown instanceof WP_Post ? wc_get_order( $shown->ID ) : $shown;
		if ( ! $order instanceof WC_Order || ! current_user_can( 'edit_shop_orders' ) ) {
			return;
		}
		$returns = self::returns_of( $order );
		if ( null === $returns ) {
			printf( '<p>%s</p>', esc_html__( 'The returns could not be read just now.', 'backhaul-returns' ) );
		} elseif ( ! $returns ) {
			printf( '<p>%s</p>', esc_html__( 'Nothing of this order has come back.', 'backhaul-returns' ) );
		} else {
			echo '<ul>' . implode( '', array_map( array( __CLASS__, 'line' ), $returns ) ) . '</ul>'; // phpcs:ignore WordPress.Security.EscapeOutput
		}
		$search = add_query_arg( 'q', $order->get_order_number(), Backhaul_Settings::url( '/dashboard/returns' ) );
		printf( '<p><a href="%s">%s</a></p>', esc_url( $search ), esc_html__( 'Open in Backhaul', 'backhaul-returns' ) );
	}

	/** One return: its number, where it stands, its goods. */
	private static function line( array $found ): string {
		$goods = array();
		foreach ( (array) ( $found['items'] ?? array() ) as $item ) {
			$goods[] = sprintf( '%d × %s', (int) $item['quantity'], $item['title'] );
		}
		return sprintf(
			'<li><a href="%s"><strong>%s</strong></a>: %s<br>%s</li>',
			esc_url( (string) $found['link'] ),
			esc_html( (string) $found['id'] ),
			esc_html( (string) $found['status'] ),
			esc_html( implode( ', ', $goods ) )
		);
	}

	/** What Backhaul says now, null when it cannot be asked. */
	private static function returns_of( WC_Order $order ) {
		$token = Backhaul_Token::of_staff( $order->get_id() );
		if ( '' === $token || ! Backhaul_Settings::is_connected() ) {
			return null;
		}
		$answer = wp_remote_get(
			Backhaul_Settings::url( '/connect/woocommerce/returns' ),
			array(
				'timeout' => self::SECONDS,
				'headers' => array( 'Authorization' => "Bearer $token" ),
			)
		);
		$told = 200 === wp_remote_retrieve_response_code( $answer ) ? json_decode( wp_remote_retrieve_body( $answer ), true ) : null;
		return is_array( $told ) && isset( $told['returns'] ) && is_array( $told['returns'] ) ? $told['returns'] : null;
	}
}

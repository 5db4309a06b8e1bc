<?php
/**
 * "Return items" in the customer's account, where nothing needs to be proved any more.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** The account pages: an entry in the menu, a button on every order that has left, the page itself. */
final class Backhaul_Account {
	const ENDPOINT = 'return-items';
	const GONE     = array( 'completed', 'processing' );

	/** Tell WordPress and WooCommerce. */
	public static function register() {
		add_action( 'init', array( __CLASS__, 'add_endpoint' ) );
		add_filter( 'woocommerce_get_query_vars', array( __CLASS__, 'query_vars' ) );
		add_filter( 'woocommerce_account_menu_items', array( __CLASS__, 'menu' ) );
		add_filter( 'woocommerce_my_account_my_orders_actions', array( __CLASS__, 'order_actions' ), 10, 2 );
		add_action( 'woocommerce_order_details_after_order_table', array( __CLASS__, 'order_button' ) );
		add_action( 'woocommerce_account_' . self::ENDPOINT . '_endpoint', array( __CLASS__, 'page' ) );
		add_filter( 'woocommerce_endpoint_' . self::ENDPOINT . '_title', array( __CLASS__, 'title' ) );
	}

	/** The page's address below the account's. */
	public static function add_endpoint() {
		add_rewrite_endpoint( self::ENDPOINT, EP_ROOT | EP_PAGES );
	}

	/** WooCommerce knows its account pages by these. */
	public static function query_vars( array $known ): array {
		return array_merge( $known, array( self::ENDPOINT => self::ENDPOINT ) );
	}

	/** The page's title. */
	public static function title(): string {
		return __( 'Return items', 'backhaul-returns' );
	}

	/** The menu, with us before "Log out". */
	public static function menu( array $items ): array {
		if ( ! self::is_on() ) {
			return $items;
		}
		$last = array_slice( $items, -1, 1, true );
		return array_slice( $items, 0, -1, true ) + array( self::ENDPOINT => self::title() ) + $last;
	}

	/** What can be done with an order in the list of orders. */
	public static function order_actions( array $actions, WC_Order $order ): array {
		if ( self::may_return( $order ) ) {
			$actions['backhaul-return'] = array(
				'url'  => self::link( $order ),
				'name' => self::title(),
			);
		}
		return $actions;
	}

	/** The button below an order's goods. */
	public static function order_button( WC_Order $order ) {
		if ( self::may_return( $order ) ) {
			printf( '<p class="backhaul-return"><a class="button" href="%s">%s</a></p>', esc_url( self::link( $order ) ), esc_html( self::title() ) );
		}
	}

	/** The page: the assistant, told who is signed in and, if one was picked, which order it is about. */
	public static function page() {
		$wanted = absint( $_GET['order'] ?? 0 ); // phpcs:ignore WordPress.Security.NonceVerification
		$order  = $wanted ? wc_get_order( $wanted ) : null;
		$theirs = $order instanceof WC_Order && self::may_return( $order ) ? $order : null;
		echo Backhaul_Storefront::embed( 'inline', Backhaul_Token::of_customer( wp_get_current_user(), $theirs ) ); // phpcs:ignore WordPress.Security.EscapeOutput
	}

	/** Whether the page that is being shown is ours. */
	public static function is_returns_page(): bool {
		return function_exists( 'is_wc_endpoint_url' ) && is_wc_endpoint_url( self::ENDPOINT );
	}

	/** Whether the order is of who is signed in, and has been paid. */
	public static function may_return( WC_Order $order ): bool {
		$user = get_current_user_id();
		return self::is_on() && $user && (int) $order->get_customer_id() === $user && in_array( $order->get_status(), self::GONE, true );
	}

	private static function link( WC_Order $order ): string {
		return add_query_arg( 'order', $order->get_id(), wc_get_account_endpoint_url( self::ENDPOINT ) );
	}

	private static function is_on(): bool {
		return Backhaul_Settings::is_connected() && 'yes' === Backhaul_Settings::get( 'account' );
	}
}

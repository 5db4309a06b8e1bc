<?php
/**
 * Plugin Name: WooCommerce (a stub for Backhaul's tests, not WooCommerce)
 * Description: As much of WooCommerce's own classes and functions as Backhaul's plugin touches, in the order in which
 * WooCommerce does things, with its races: nothing here locks anything.
 */

defined( 'ABSPATH' ) || exit;

define( 'BACKHAUL_TEST_STUB', 'This is a stub of WooCommerce.' );

register_activation_hook( __FILE__, 'stub_activated' );

function stub_activated() {
	global $wpdb;
	$wpdb->query( "CREATE TABLE IF NOT EXISTS {$wpdb->prefix}stub_gateway (id bigint NOT NULL AUTO_INCREMENT, order_id bigint NOT NULL, amount varchar(20) NOT NULL, PRIMARY KEY (id))" );
	get_role( 'administrator' )->add_cap( 'edit_shop_orders' );
	get_role( 'administrator' )->add_cap( 'edit_products' );
	get_role( 'administrator' )->add_cap( 'manage_woocommerce' );
	add_role( 'customer', 'Customer', array( 'read' => true ) );
}

add_action(
	'init',
	static function () {
		register_post_type( 'shop_order', array( 'public' => false, 'show_ui' => true, 'supports' => array( 'title' ) ) );
		register_post_type( 'shop_order_refund', array( 'public' => false ) );
		register_post_type( 'product', array( 'public' => true ) );
	}
);

add_action(
	'admin_menu',
	static function () {
		add_menu_page( 'WooCommerce', 'WooCommerce', 'manage_woocommerce', 'woocommerce', '__return_null' );
	},
	5
);

/** WooCommerce lets its keys in at wc/ and at every namespace that begins with wc-. Signatures are not looked at here. */
add_filter(
	'determine_current_user',
	static function ( $user ) {
		$is_ours = false !== strpos( $_SERVER['REQUEST_URI'] ?? '', '/wp-json/wc/' ) || false !== strpos( $_SERVER['REQUEST_URI'] ?? '', '/wp-json/wc-' );
		$key     = $_GET['oauth_consumer_key'] ?? $_SERVER['PHP_AUTH_USER'] ?? '';
		return $is_ours && 'ck_stub' === $key ? 1 : $user;
	},
	15
);

/** For the tests: PHP that they send is run within WordPress. Only a test's own server on loopback has this. */
add_action(
	'wp_loaded',
	static function () {
		if ( isset( $_GET['stub_console'] ) && 'cli-server' === PHP_SAPI ) {
			echo "\n@" . wp_json_encode( ( eval( 'return static function () {' . file_get_contents( 'php://input' ) . '};' ) )() );
			exit;
		}
	}
);

class WC_Order_Refund {
	public $id   = 0;
	public $data = array();
	public $meta = array();

	public function get_id() {
		return $this->id;
	}
	public function get_amount() {
		return $this->data['amount'];
	}
	public function get_reason() {
		return $this->data['reason'];
	}
	public function get_refunded_payment() {
		return (bool) get_post_meta( $this->id, '_refunded_payment', true );
	}
	public function set_refunded_payment( $value ) {
		$this->meta['_refunded_payment'] = $value ? '1' : '';
	}
	public function get_date_created() {
		return new DateTime( get_post_field( 'post_date_gmt', $this->id ) . ' UTC' );
	}
	public function update_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}
	public function get_meta( $key ) {
		return get_post_meta( $this->id, $key, true );
	}
	public function save() {
		if ( ! $this->id ) {
			$this->id = wp_insert_post( array( 'post_type' => 'shop_order_refund', 'post_status' => 'publish', 'post_parent' => $this->data['order_id'], 'post_title' => 'Refund' ) );
			update_post_meta( $this->id, '_refund', wp_slash( wp_json_encode( $this->data ) ) );
		}
		foreach ( $this->meta as $key => $value ) {
			update_post_meta( $this->id, $key, $value );
		}
		return $this->id;
	}
	public function delete( $force = false ) {
		return (bool) wp_delete_post( $this->id, true );
	}
	public static function read( $id ) {
		$found       = new self();
		$found->id   = $id;
		$found->data = json_decode( get_post_meta( $id, '_refund', true ), true ) ?: array( 'amount' => '0', 'reason' => '', 'order_id' => 0, 'line_items' => array() );
		return $found;
	}
}

class WC_Order {
	public $id;
	public function __construct( $id ) {
		$this->id = (int) $id;
	}
	public function get_id() {
		return $this->id;
	}
	public function get_order_number() {
		return (string) $this->id;
	}
	public function get_status() {
		return get_post_meta( $this->id, '_status', true );
	}
	public function update_status( $status ) {
		update_post_meta( $this->id, '_status', $status );
	}
	public function get_total() {
		return get_post_meta( $this->id, '_total', true );
	}
	public function get_customer_id() {
		return (int) get_post_meta( $this->id, '_customer', true );
	}
	public function get_billing_email() {
		return (string) get_post_meta( $this->id, '_email', true );
	}
	public function get_payment_method() {
		return (string) get_post_meta( $this->id, '_payment_method', true );
	}
	public function get_refunds() {
		global $wpdb;
		$ids = $wpdb->get_col( $wpdb->prepare( "SELECT ID FROM {$wpdb->posts} WHERE post_type = 'shop_order_refund' AND post_parent = %d ORDER BY ID DESC", $this->id ) );
		return array_map( array( 'WC_Order_Refund', 'read' ), array_map( 'intval', $ids ) );
	}
	public function get_remaining_refund_amount() {
		$given = array_sum( array_map( static fn( $refund ) => (float) $refund->get_amount(), $this->get_refunds() ) );
		return round( (float) $this->get_total() - $given, 2 );
	}
}

class WC_Product {
	public $id;
	public function __construct( $id ) {
		$this->id = (int) $id;
	}
	public function managing_stock() {
		return 'yes' === get_post_meta( $this->id, '_manage_stock', true );
	}
	public function get_stock_managed_by_id() {
		return $this->id;
	}
	public function get_stock_quantity() {
		return (int) get_post_meta( $this->id, '_stock', true );
	}
}

function wc_get_order( $id ) {
	return 'shop_order' === get_post_type( $id ) ? new WC_Order( $id ) : false;
}

function wc_get_product( $id ) {
	return 'product' === get_post_type( $id ) ? new WC_Product( $id ) : false;
}

/** One statement: so WooCommerce does it too. */
function wc_update_product_stock( $product, $quantity, $operation ) {
	global $wpdb;
	$sign = 'increase' === $operation ? '+' : '-';
	$wpdb->query( $wpdb->prepare( "UPDATE {$wpdb->postmeta} SET meta_value = meta_value $sign %f WHERE post_id = %d AND meta_key = '_stock'", $quantity, $product->id ) );
	stub_pause( 'in_stock' );
}

/** In WooCommerce's order: check, hook, save, gateway, save, status. */
function wc_create_refund( $args ) {
	global $wpdb;
	try {
		$order = wc_get_order( $args['order_id'] );
		if ( ! $order ) {
			throw new Exception( 'Invalid order ID.' );
		}
		if ( $args['amount'] < 0 || $order->get_remaining_refund_amount() < $args['amount'] ) {
			throw new Exception( 'Invalid refund amount.' );
		}
		stub_pause( 'before_save' );
		$refund       = new WC_Order_Refund();
		$refund->data = array( 'order_id' => $order->get_id(), 'amount' => $args['amount'], 'reason' => $args['reason'], 'line_items' => $args['line_items'] );
		do_action( 'woocommerce_create_refund', $refund, $args );
		if ( $refund->save() ) {
			stub_pause( 'before_gateway' );
			if ( $args['refund_payment'] ) {
				if ( 'stubpay' !== $order->get_payment_method() ) {
					$refund->delete();
					return new WP_Error( 'error', 'The payment gateway for this order does not support automatic refunds.' );
				}
				$wpdb->insert( "{$wpdb->prefix}stub_gateway", array( 'order_id' => $order->get_id(), 'amount' => $args['amount'] ) );
				stub_pause( 'in_gateway' );
				if ( get_option( 'stub_declines' ) ) {
					$refund->delete();
					return new WP_Error( 'error', 'Refund declined by StubPay' );
				}
				$refund->set_refunded_payment( true );
				$refund->save();
			}
			stub_pause( 'after_gateway' );
			if ( $order->get_remaining_refund_amount() <= 0 ) {
				$order->update_status( 'refunded' );
			}
		}
		return $refund;
	} catch ( Exception $error ) {
		return new WP_Error( 'error', $error->getMessage() );
	}
}

/** For the tests: an order or a product with these meta data. */
function stub_made( $type, $meta ) {
	$id = wp_insert_post( array( 'post_type' => $type, 'post_status' => 'publish', 'post_title' => $type ) );
	foreach ( $meta as $key => $value ) {
		update_post_meta( $id, $key, $value );
	}
	return $id;
}

/** For the tests: how often the gateway was asked about an order. */
function stub_paid( $order_id ) {
	global $wpdb;
	return (int) $wpdb->get_var( $wpdb->prepare( "SELECT COUNT(*) FROM {$wpdb->prefix}stub_gateway WHERE order_id = %d", $order_id ) );
}

/** Everybody pauses here for as long as the test says; the first who comes to a place that it holds stays until let go. */
function stub_pause( $name ) {
	global $wpdb;
	usleep( (int) ( 1000000 * (float) stub_said( "stub_pause_$name" ) ) );
	if ( stub_said( "stub_hold_$name" ) && $wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->options} WHERE option_name = %s", "stub_hold_$name" ) ) ) {
		// A file is seen by others at once, even while a transaction is open.
		file_put_contents( WP_CONTENT_DIR . "/stub_at_$name", (string) getmypid() );
		for ( $n = 0; $n < 2000 && file_exists( WP_CONTENT_DIR . "/stub_at_$name" ); $n++ ) {
			usleep( 20000 );
		}
	}
}

function stub_said( $name ) {
	global $wpdb;
	return $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", $name ) );
}

function wc_format_decimal( $number, $decimals = false ) {
	return false === $decimals ? (string) $number : number_format( (float) $number, $decimals, '.', '' );
}

function wc_get_price_decimals() {
	return 2;
}

/** With orders in tables of their own, the order's page is another. */
function wc_get_page_screen_id( $for ) {
	return get_option( 'stub_hpos' ) ? 'woocommerce_page_wc-orders' : 'shop_order';
}

function is_wc_endpoint_url( $endpoint ) {
	global $wp;
	return isset( $wp->query_vars[ $endpoint ] );
}

function wc_get_account_endpoint_url( $endpoint ) {
	return home_url( "/my-account/$endpoint/" );
}

/** The account page: its menu and whatever endpoint is asked for. */
add_shortcode(
	'stub_account',
	static function () {
		global $wp;
		ob_start();
		echo '<nav>' . esc_html( implode( ' | ', apply_filters( 'woocommerce_account_menu_items', array( 'orders' => 'Orders', 'logout' => 'Log out' ) ) ) ) . '</nav>';
		foreach ( get_posts( array( 'post_type' => 'shop_order', 'post_status' => 'any', 'numberposts' => 50 ) ) as $post ) {
			$order = wc_get_order( $post->ID );
			foreach ( $order->get_customer_id() === get_current_user_id() ? apply_filters( 'woocommerce_my_account_my_orders_actions', array(), $order ) : array() as $action ) {
				printf( '<a href="%s">%s %s</a>', esc_url( $action['url'] ), esc_html( $action['name'] ), esc_html( $order->get_order_number() ) );
			}
		}
		foreach ( array_keys( apply_filters( 'woocommerce_get_query_vars', array() ) ) as $endpoint ) {
			if ( isset( $wp->query_vars[ $endpoint ] ) ) {
				do_action( "woocommerce_account_{$endpoint}_endpoint", $wp->query_vars[ $endpoint ] );
			}
		}
		return ob_get_clean();
	}
);

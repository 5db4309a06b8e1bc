<?php
/**
 * The settings, below WooCommerce in the menu.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** A page of WordPress's own settings API: it checks who may and that they meant it. */
final class Backhaul_Settings_Page {
	const PAGE  = 'backhaul-returns';
	const RIGHT = 'manage_woocommerce';

	/** Tell WordPress. */
	public static function register() {
		add_action( 'admin_init', array( __CLASS__, 'fields' ) );
		add_action( 'admin_menu', array( __CLASS__, 'menu' ), 60 );
		add_filter( 'option_page_capability_' . self::PAGE, array( __CLASS__, 'right' ) );
	}

	/** Who may change the settings. */
	public static function right(): string {
		return self::RIGHT;
	}

	/** The entry in the menu. */
	public static function menu() {
		add_submenu_page( 'woocommerce', __( 'Backhaul Returns', 'backhaul-returns' ), __( 'Returns', 'backhaul-returns' ), self::RIGHT, self::PAGE, array( __CLASS__, 'show' ) );
	}

	/** The one option and its fields. */
	public static function fields() {
		register_setting( self::PAGE, Backhaul_Settings::OPTION, array( 'sanitize_callback' => array( 'Backhaul_Settings', 'clean' ) ) );
		add_settings_section( 'connection', __( 'Connection', 'backhaul-returns' ), array( __CLASS__, 'about' ), self::PAGE );
		add_settings_section( 'storefront', __( 'Storefront', 'backhaul-returns' ), '__return_null', self::PAGE );
		$fields = array(
			array( 'address', 'connection', __( 'Address of Backhaul', 'backhaul-returns' ), 'text' ),
			array( 'shop', 'connection', __( 'Short name of the shop there', 'backhaul-returns' ), 'text' ),
			array( 'secret', 'connection', __( 'Secret', 'backhaul-returns' ), 'password' ),
			array( 'launcher', 'storefront', __( 'Assistant in the corner of every page', 'backhaul-returns' ), 'checkbox' ),
			array( 'account', 'storefront', __( '"Return items" in the customer\'s account', 'backhaul-returns' ), 'checkbox' ),
		);
		foreach ( $fields as list( $name, $section, $label, $type ) ) {
			add_settings_field( $name, $label, array( __CLASS__, $type ), self::PAGE, $section, array( 'name' => $name, 'label_for' => "backhaul-$name" ) );
		}
	}

	/** Where the values come from. */
	public static function about() {
		printf( '<p>%s</p>', esc_html__( 'These are filled in when the plugin was made for your shop. On any page, use the block "Returns assistant" or the shortcode [backhaul_returns].', 'backhaul-returns' ) );
	}

	/** A field of text. */
	public static function text( array $field ) {
		self::input( $field, 'text', Backhaul_Settings::get( $field['name'] ) );
	}

	/** A field that is not shown. */
	public static function password( array $field ) {
		self::input( $field, 'password', Backhaul_Settings::get( $field['name'] ) );
	}

	/** A field that is on or off. */
	public static function checkbox( array $field ) {
		$name = Backhaul_Settings::OPTION . '[' . $field['name'] . ']';
		printf( '<input type="hidden" name="%s" value="no">', esc_attr( $name ) );
		printf( '<input type="checkbox" id="%s" name="%s" value="yes" %s>', esc_attr( $field['label_for'] ), esc_attr( $name ), checked( 'yes', Backhaul_Settings::get( $field['name'] ), false ) );
	}

	/** The page. */
	public static function show() {
		echo '<div class="wrap"><h1>' . esc_html__( 'Backhaul Returns', 'backhaul-returns' ) . '</h1><form method="post" action="options.php">';
		settings_fields( self::PAGE );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form></div>';
	}

	private static function input( array $field, string $type, string $value ) {
		printf(
			'<input class="regular-text" autocomplete="off" type="%s" id="%s" name="%s" value="%s">',
			esc_attr( $type ),
			esc_attr( $field['label_for'] ),
			esc_attr( Backhaul_Settings::OPTION . '[' . $field['name'] . ']' ),
			esc_attr( $value )
		);
	}
}

<?php
/**
 * One refund of an order at a time.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** Locks by name: a row each, which whoever dies with it leaves to the next after a while. */
final class Backhaul_Lock {
	const PATIENCE_SECONDS = 20;
	const PAUSE_MICROS     = 50000;

	/** The table's name. */
	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . 'backhaul_locks';
	}

	/** Make the table, or bring it up to date. */
	public static function make_table() {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			name varchar(100) NOT NULL,
			owner varchar(40) NOT NULL,
			ends_at bigint NOT NULL,
			PRIMARY KEY  (name)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/** Take a lock, waiting a while for who has it; whether it is ours. */
	public static function take( string $name, string $owner ): bool {
		$ends = microtime( true ) + self::PATIENCE_SECONDS;
		while ( ! self::taken( $name, $owner ) ) {
			if ( microtime( true ) > $ends ) {
				return false;
			}
			usleep( self::PAUSE_MICROS );
		}
		return true;
	}

	/** Keep a lock for longer; whether it is still ours. */
	public static function keep( string $name, string $owner, int $seconds ): bool {
		return Backhaul_Acts::changed(
			'UPDATE ' . self::table() . ' SET ends_at = %d WHERE name = %s AND owner = %s',
			array( time() + $seconds, $name, $owner )
		);
	}

	/** Give a lock back. */
	public static function give_back( string $name, string $owner ) {
		Backhaul_Acts::changed( 'DELETE FROM ' . self::table() . ' WHERE name = %s AND owner = %s', array( $name, $owner ) );
	}

	private static function taken( string $name, string $owner ): bool {
		$until = time() + Backhaul_Acts::LEASE_SECONDS;
		return Backhaul_Acts::changed(
			'INSERT IGNORE INTO ' . self::table() . ' (name, owner, ends_at) VALUES (%s, %s, %d)',
			array( $name, $owner, $until )
		) || Backhaul_Acts::changed(
			'UPDATE ' . self::table() . ' SET owner = %s, ends_at = %d WHERE name = %s AND ends_at < %d',
			array( $owner, $until, $name, time() )
		);
	}
}

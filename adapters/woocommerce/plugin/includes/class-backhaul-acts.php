<?php
/**
 * What was done under which key: a row is claimed by one request only, and kept with its outcome.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/**
 * The ledger of acts.
 *
 * claimed: somebody is at it, nothing irreversible has happened.  paying: the gateway may have been asked.
 * done, refused: over; the outcome is kept and answered to whoever comes with the key again.
 */
final class Backhaul_Acts {
	const LEASE_SECONDS  = 120;
	const PAYING_SECONDS = 600;

	/** The table's name. */
	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . 'backhaul_acts';
	}

	/** Make the table, or bring it up to date. */
	public static function make_table() {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			act_key varchar(150) NOT NULL,
			kind varchar(20) NOT NULL,
			essence varchar(64) NOT NULL,
			turn int NOT NULL,
			state varchar(10) NOT NULL,
			owner varchar(40) NOT NULL,
			ends_at bigint NOT NULL,
			outcome longtext NOT NULL,
			PRIMARY KEY  (act_key)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/** The row of a key, null when nothing was ever asked under it. */
	public static function row( string $key ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB
		return $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . self::table() . ' WHERE act_key = %s', $key ) );
	}

	/**
	 * Claim a key. The name of the claim when it is ours now; else null: somebody has it, or it is over.
	 *
	 * A refused act may be tried anew by who knows that it was refused: with the turn after the refused one.
	 */
	public static function claim( string $key, string $kind, string $essence, int $turn ) {
		global $wpdb;
		$owner = wp_generate_password( 32, false );
		$until = time() + self::LEASE_SECONDS;
		$table = self::table();
		if ( self::changed(
			"INSERT IGNORE INTO $table (act_key, kind, essence, turn, state, owner, ends_at, outcome) VALUES (%s, %s, %s, %d, 'claimed', %s, %d, '')",
			array( $key, $kind, $essence, $turn, $owner, $until )
		) ) {
			return $owner;
		}
		$renewed = self::changed(
			"UPDATE $table SET state = 'claimed', owner = %s, ends_at = %d, turn = %d, outcome = '' WHERE act_key = %s AND state = 'refused' AND turn = %d",
			array( $owner, $until, $turn, $key, $turn - 1 )
		);
		$inherited = $renewed || self::changed(
			"UPDATE $table SET owner = %s, ends_at = %d WHERE act_key = %s AND state = 'claimed' AND ends_at < %d",
			array( $owner, $until, $key, time() )
		);
		return $inherited ? $owner : null;
	}

	/** Let the claim end, so that the next one may try at once. */
	public static function let_go( string $key, string $owner ) {
		self::changed( 'UPDATE ' . self::table() . " SET ends_at = 0 WHERE act_key = %s AND owner = %s AND state = 'claimed'", array( $key, $owner ) );
	}

	/**
	 * Go beyond what can be undone; whether we may.
	 *
	 * A request that slept until its claim, or its lock on the order, became another's finds out here and must stop.
	 */
	public static function begin_paying( string $key, string $owner, string $lock ): bool {
		return Backhaul_Lock::keep( $lock, $owner, self::PAYING_SECONDS ) && self::changed(
			'UPDATE ' . self::table() . " SET state = 'paying', ends_at = %d WHERE act_key = %s AND owner = %s AND state = 'claimed'
			AND EXISTS (SELECT 1 FROM " . Backhaul_Lock::table() . ' WHERE name = %s AND owner = %s)',
			array( time() + self::PAYING_SECONDS, $key, $owner, $lock, $owner )
		);
	}

	/** Keep what whoever looks after the act must know, should we not come back. */
	public static function remember( string $key, string $owner, array $known ) {
		self::changed( 'UPDATE ' . self::table() . ' SET outcome = %s WHERE act_key = %s AND owner = %s', array( wp_json_encode( $known ), $key, $owner ) );
	}

	/** Keep the outcome; whether the act was still ours. */
	public static function end( string $key, string $owner, string $state, array $outcome ): bool {
		return self::changed(
			'UPDATE ' . self::table() . " SET state = %s, outcome = %s WHERE act_key = %s AND owner = %s AND state IN ('claimed', 'paying')",
			array( $state, wp_json_encode( $outcome ), $key, $owner )
		);
	}

	/** Whether a statement changed exactly one row; raises when the database refuses it. */
	public static function changed( string $statement, array $values ): bool {
		global $wpdb;
		$count = $wpdb->query( $wpdb->prepare( $statement, $values ) ); // phpcs:ignore WordPress.DB
		if ( false === $count ) {
			throw new RuntimeException( 'The database did not take a change.' );
		}
		return 1 === (int) $count;
	}
}

<?php
/**
 * Refunds, each once for its key, and one at a time for an order.
 *
 * @package Backhaul
 */

defined( 'ABSPATH' ) || exit;

/** One refund that is asked for. */
final class Backhaul_Refunds {
	const KEY = '_backhaul_key';

	/** @var string */
	private $key;
	/** @var int */
	private $order_id;
	/** @var array */
	private $asked;
	/** @var string */
	private $owner = '';
	/** @var bool */
	private $is_overtaken = false;

	/** Made of what was asked for: key, order_id, amount, reason, api_refund, line_items, meta_data. */
	public function __construct( array $asked ) {
		$this->key      = (string) $asked['key'];
		$this->order_id = (int) $asked['order_id'];
		$this->asked    = $asked;
	}

	/** Make the refund, unless it is made already or somebody is at it. */
	public function give() {
		$essence = hash( 'sha256', $this->order_id . ':' . $this->asked['amount'] );
		$claim   = Backhaul_Acts::claim( $this->key, 'refund', $essence, max( 1, (int) ( $this->asked['turn'] ?? 1 ) ) );
		$row     = Backhaul_Acts::row( $this->key );
		if ( $row && $row->essence !== $essence ) {
			if ( $claim ) {
				Backhaul_Acts::let_go( $this->key, $claim );
			}
			throw new DomainException( 'That key was used for another refund.' );
		}
		if ( $claim ) {
			$this->owner = $claim;
			$this->alone();
		}
	}

	/** What became of a refund whose gateway may have been asked by somebody who is gone: what WooCommerce noted. */
	public static function look_after( stdClass $row ) {
		$asked = json_decode( $row->outcome, true );
		$order = wc_get_order( (int) ( $asked['order_id'] ?? 0 ) );
		foreach ( $order ? $order->get_refunds() : array() as $refund ) {
			if ( $refund->get_meta( self::KEY ) === $row->act_key && $refund->get_refunded_payment() ) {
				self::finish( $order );
				Backhaul_Acts::end( $row->act_key, $row->owner, 'done', self::shown( $refund ) );
			}
		}
	}

	/** With the order's lock, so that nobody else gives what is left of it meanwhile. */
	private function alone() {
		$lock = "order:{$this->order_id}";
		if ( ! Backhaul_Lock::take( $lock, $this->owner ) ) {
			Backhaul_Acts::let_go( $this->key, $this->owner );
			return;
		}
		try {
			$this->resumed() || $this->made();
		} finally {
			Backhaul_Lock::give_back( $lock, $this->owner );
		}
	}

	/**
	 * Whether an earlier claim had written the refund down: kept where no gateway is asked, else taken back.
	 *
	 * The gateway was not asked then, since a claim that asks it is no longer one that can be inherited.
	 */
	private function resumed(): bool {
		$order = wc_get_order( $this->order_id );
		foreach ( $order ? $order->get_refunds() : array() as $refund ) {
			if ( $refund->get_meta( self::KEY ) !== $this->key ) {
				continue;
			}
			if ( ! $this->asks_gateway() ) {
				self::finish( $order );
				return Backhaul_Acts::end( $this->key, $this->owner, 'done', self::shown( $refund ) );
			}
			$refund->delete( true );
		}
		return false;
	}

	private function made() {
		add_action( 'woocommerce_create_refund', array( $this, 'before_it_is_kept' ), 10, 1 );
		try {
			$made = wc_create_refund( $this->arguments() );
		} finally {
			remove_action( 'woocommerce_create_refund', array( $this, 'before_it_is_kept' ), 10 );
		}
		if ( $this->is_overtaken ) {
			Backhaul_Acts::let_go( $this->key, $this->owner );
			return;
		}
		if ( is_wp_error( $made ) ) {
			Backhaul_Acts::end( $this->key, $this->owner, 'refused', array( 'message' => $made->get_error_message() ) );
			return;
		}
		Backhaul_Acts::end( $this->key, $this->owner, 'done', self::shown( $made ) );
	}

	/** Called by WooCommerce before it writes the refund down and before it asks the gateway. */
	public function before_it_is_kept( $refund ) {
		$refund->update_meta_data( self::KEY, $this->key );
		foreach ( (array) ( $this->asked['meta_data'] ?? array() ) as $entry ) {
			$refund->update_meta_data( (string) $entry['key'], (string) $entry['value'] );
		}
		if ( $this->asks_gateway() && ! Backhaul_Acts::begin_paying( $this->key, $this->owner, "order:{$this->order_id}" ) ) {
			$this->is_overtaken = true;
			throw new Exception( 'Somebody else makes this refund.' );
		}
		if ( $this->asks_gateway() ) {
			Backhaul_Acts::remember( $this->key, $this->owner, array( 'order_id' => $this->order_id ) );
		}
	}

	private function asks_gateway(): bool {
		return ! empty( $this->asked['api_refund'] );
	}

	private function arguments(): array {
		$lines = array();
		foreach ( (array) ( $this->asked['line_items'] ?? array() ) as $line ) {
			$taxes = array();
			foreach ( (array) ( $line['refund_tax'] ?? array() ) as $tax ) {
				$taxes[ (int) $tax['id'] ] = wc_format_decimal( $tax['refund_total'] );
			}
			$lines[ (int) $line['id'] ] = array(
				'qty'          => (int) $line['quantity'],
				'refund_total' => wc_format_decimal( $line['refund_total'] ),
				'refund_tax'   => $taxes,
			);
		}
		return array(
			'amount'         => wc_format_decimal( $this->asked['amount'] ),
			'reason'         => (string) ( $this->asked['reason'] ?? '' ),
			'order_id'       => $this->order_id,
			'line_items'     => $lines,
			'refund_payment' => $this->asks_gateway(),
			'restock_items'  => false,
		);
	}

	/** What WooCommerce would have done after the refund, where it was stopped before. */
	private static function finish( $order ) {
		if ( $order->get_remaining_refund_amount() <= 0 && 'refunded' !== $order->get_status() ) {
			$order->update_status( 'refunded' );
		}
	}

	/** A refund as the REST API shows it, as far as anybody needs it here. */
	private static function shown( $refund ): array {
		$made = $refund->get_date_created();
		return array(
			'id'               => $refund->get_id(),
			'amount'           => wc_format_decimal( $refund->get_amount(), wc_get_price_decimals() ),
			'reason'           => $refund->get_reason(),
			'refunded_payment' => (bool) $refund->get_refunded_payment(),
			'date_created_gmt' => gmdate( 'Y-m-d\TH:i:s', $made ? $made->getTimestamp() : time() ),
		);
	}
}

// Connections to Postgres. Numerics arrive as text, timestamps as Date, bigints as bigint.

import postgres from 'postgres'

export type Sql = postgres.Sql<{ bigint: bigint }>
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>

type ConnectOptions = {
  /** Connections at the most. */
  max?: number
  /** Shown in pg_stat_activity. */
  name?: string
  /**
   * For statements that only ever look up by key. They are planned anew each time: a plan kept from
   * when a table was small scans it for every batch once it has grown, until the next ANALYZE
   * (measured: 400 orders/s instead of 7,000; planning costs 3 µs an order).
   */
  keyedOnly?: boolean
  /** Called when a connection ends, for whatever reason. */
  onClose?: () => void
}

/** Seconds until a connection attempt gives up, and until a statement is cancelled. */
const CONNECT_TIMEOUT_SECONDS = 5
const STATEMENT_TIMEOUT_MS = 30_000
/**
 * A process that is paused in the middle of a transaction keeps its row locks, and with them a
 * successor from raising the epoch: Postgres ends such a session before the sleeper's heartbeat is
 * old enough for a takeover.
 */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 3_000

const KEYED_ONLY = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_custom_plan',
} as const

/** A pool. Durable commits are asserted here, so that no setting of the server weakens a promise. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  return postgres(url, {
    max: options.max ?? 10,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    // Locks live as long as their connection: it must never be renewed behind our back.
    max_lifetime: null,
    idle_timeout: 0,
    onnotice: () => {},
    ...(options.onClose ? { onclose: options.onClose } : {}),
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: options.name ?? 'motu',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      synchronous_commit: 'on',
      TimeZone: 'UTC',
      jit: 'off',
      ...(options.keyedOnly ? KEYED_ONLY : {}),
    },
  })
}

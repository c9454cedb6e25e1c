// Pure: no I/O, no clock, no randomness.
// Which errors are the infrastructure's: waited out and tried again, with nothing lost. Every other
// error is a refusal by a constraint or a bug, and is blamed on the work that caused it.

/** SQLSTATE classes and codes, and socket errors, that pass by themselves. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  '25P03', // idle_in_transaction_session_timeout: we were paused
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '55P03', // lock_not_available
  '57014', // query_canceled: the statement timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '25006', // read_only_sql_transaction: a failover under way
  '08000',
  '08003',
  '08006',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Whether to wait and try again. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && PASSING_CODES.has(code)
}

/** Milliseconds before try number `attempt` (from 0): 50 ms doubling to 2 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(2_000, 50 * 2 ** Math.min(attempt, 10))
}

// The log: one JSON line per entry, on standard output. Nothing secret is ever an argument to it.

import { pino } from 'pino'

export type Log = import('pino').Logger

/** The process's log; every line names the process. */
export function createLog(level: string, processId: string): Log {
  return pino({ level, base: { process: processId }, timestamp: pino.stdTimeFunctions.isoTime })
}

// The log of the edge: one JSON line per entry on standard output, where workerd and Cloudflare
// both look for it. Nothing secret is ever an argument to it.

type Fields = Record<string, string | number | boolean | null | undefined>
type Level = 'info' | 'warn' | 'error'

function write(level: Level, message: string, fields: Fields): void {
  console.log(JSON.stringify({ level, part: 'edge', msg: message, ...fields }))
}

export const log = {
  info: (message: string, fields: Fields = {}) => write('info', message, fields),
  warn: (message: string, fields: Fields = {}) => write('warn', message, fields),
  error: (message: string, fields: Fields = {}) => write('error', message, fields),
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

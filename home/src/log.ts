// The log: one JSON line per entry, on standard output. Nothing secret is ever an argument to it; as
// errors of libraries may hold what nobody put there on purpose, each line is also searched for what
// looks like a secret, or is one of ours, before it is written.

import { type DestinationStream, pino } from 'pino'

export type Log = import('pino').Logger

const HIDDEN = '[hidden]'
/** A shorter one could be a word. */
const SECRET_LENGTH_MIN = 6

/** Members of an object, at any depth and in any case, whose text is nobody's business. */
const SECRET_NAMES = [
  ...['password', 'passwordHash', 'password_hash', 'current_password', 'new_password'],
  ...['secret', 'client_secret', 'internalSecret', 'api_key', 'apiKey', 'x-api-key'],
  ...['token', 'access_token', 'accessToken', 'refresh_token', 'refreshToken', 'id_token'],
  ...['authorization', 'cookie', 'set-cookie', 'code_verifier', 'motu-signature'],
]

/** What looks like a secret, and what is left of it. The quotes of JSON within JSON are escaped. */
const SECRET_LOOKS: readonly (readonly [look: RegExp, instead: string])[] = [
  [
    new RegExp(
      String.raw`(\\*")(${SECRET_NAMES.join('|')})\1(\s*:\s*)\1(?:(?!\1)(?:\\.|[^\\]))*`,
      'gi',
    ),
    `$1$2$1$3$1${HIDDEN}`,
  ],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/\b(motu_[0-9A-Za-z]{12}_)[0-9A-Za-z]+/g, `$1${HIDDEN}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*:)[^\s@/"]+@/gi, `$1${HIDDEN}@`],
  [/\$argon2[^\s"]+/g, HIDDEN],
  // 32 bytes in base64url: a refresh token.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, HIDDEN],
]

/** A line of the log without what nobody may read there. */
export function hideSecrets(line: string, secrets: readonly string[] = []): string {
  let hidden = line
  for (const secret of secrets) {
    if (secret.length >= SECRET_LENGTH_MIN) hidden = hidden.replaceAll(secret, HIDDEN)
  }
  for (const [look, instead] of SECRET_LOOKS) hidden = hidden.replace(look, instead)
  return hidden
}

type LogOptions = {
  /** What this process was given to keep. */
  secrets?: readonly string[]
  /** Standard output, unless a test looks on. */
  output?: DestinationStream
}

/** The process's log; every line names the process. */
export function createLog(
  level: string,
  processId: string,
  { secrets = [], output = pino.destination({ fd: 1, sync: true }) }: LogOptions = {},
): Log {
  const written = secrets.map((secret) => JSON.stringify(secret).slice(1, -1))
  return pino(
    { level, base: { process: processId }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => output.write(hideSecrets(line, written)) },
  )
}

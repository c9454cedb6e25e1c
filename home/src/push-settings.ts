// What is told by the environment of pushes: where their key is, who answers for them, and where they
// may go besides the browsers' own services.

export type PushSettings = {
  /** File with the key they are signed with (JWK); made when the first is needed. */
  readonly keyFile: string
  readonly contact: string
  readonly origins: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

export function readPushSettings(env: Env): PushSettings {
  return {
    keyFile: env['MOTU_PUSH_KEY_FILE'] ?? '.motu/push-key.json',
    contact: readContact(env),
    origins: (env['MOTU_PUSH_ORIGINS'] ?? '').split(',').filter(Boolean).map(readOrigin),
  }
}

/** The address of the installation, unless somebody names a better one. */
function readContact(env: Env): string {
  const contact = env['MOTU_PUSH_CONTACT']
  if (contact) {
    if (/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(contact)) return contact
    throw new Error('MOTU_PUSH_CONTACT must be like mailto:me@motu.example')
  }
  const origin = env['MOTU_PUBLIC_ORIGIN'] ?? ''
  return origin.startsWith('https:') ? origin : 'mailto:nobody@example.com'
}

/** Over TLS, or to this machine: for tests. */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)
  if (url?.origin === text && isSafe) return text
  throw new Error('MOTU_PUSH_ORIGINS must be origins such as https://push.example')
}

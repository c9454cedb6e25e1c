// Pure: no I/O, no clock, no randomness.
// Where pushes may be sent: to the services of the browsers, and nowhere else. A subscription comes
// from whoever asks; without this list he could have us call whatever our network reaches.

/** The browsers' push services, each by its host. Sources: their makers' documentation. */
const HOSTS: ReadonlySet<string> = new Set([
  // Chrome, Edge on Android, Opera, Samsung Internet.
  'fcm.googleapis.com',
  // Firefox.
  'updates.push.services.mozilla.com',
])
/** Those that give each region a host of its own. */
const SUFFIXES = [
  // Edge on Windows: Microsoft asks to allow the whole domain.
  '.notify.windows.com',
  // Safari.
  '.push.apple.com',
]
export const PUSH_ENDPOINT_LENGTH_MAX = 1_000

/** Whether a push may be sent there. `origins`: others that the environment allows, for tests. */
export function isPushEndpoint(text: string, origins: readonly string[] = []): boolean {
  if (text.length > PUSH_ENDPOINT_LENGTH_MAX || !URL.canParse(text)) return false
  const { protocol, hostname, port, username, password, origin, hash } = new URL(text)
  if (username !== '' || password !== '' || hash !== '') return false
  if (origins.includes(origin)) return true
  if (protocol !== 'https:' || port !== '') return false
  return HOSTS.has(hostname) || SUFFIXES.some((suffix) => hostname.endsWith(suffix))
}

// Whether Discord sent an interaction: Ed25519 over its timestamp and its body, under the public key of
// our application. Discord sends wrong ones on purpose, and takes us off its list if we take them.

/** As long as an interaction can be answered: a recorded one is good for nothing after it. */
const AGE_MAX_MS = 15 * 60_000

type Ed25519Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>
const keys = new Map<string, Promise<Ed25519Key>>()

/** `timestamp` and `signature` are the headers as they came. */
export async function isFromDiscord(
  publicKey: string,
  sent: { timestamp: string | undefined; signature: string | undefined; body: string },
  nowMs: number,
): Promise<boolean> {
  const { timestamp = '', signature = '', body } = sent
  const bytes = hexBytes(signature, 64)
  if (!bytes || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(nowMs - Number.parseInt(timestamp, 10) * 1_000) > AGE_MAX_MS) return false
  const text = new TextEncoder().encode(timestamp + body)
  return crypto.subtle.verify('Ed25519', await keyOf(publicKey), bytes, text)
}

function keyOf(publicKey: string): Promise<Ed25519Key> {
  let key = keys.get(publicKey)
  if (!key) {
    const bytes = hexBytes(publicKey, 32)
    if (!bytes) throw new Error('DISCORD_PUBLIC_KEY is no key: 64 hexadecimal digits')
    key = crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
    keys.set(publicKey, key)
  }
  return key
}

function hexBytes(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== 2 * length || !/^[0-9a-f]+$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}

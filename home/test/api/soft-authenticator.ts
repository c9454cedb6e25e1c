// An authenticator in software: one passkey on P-256, and every way to lie about it.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type {
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  RegistrationCredential,
  SignInCredential,
} from '@motu/shared/contract/passkeys.ts'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40

/** What is said of a ceremony; each can be a lie. */
export type Said = {
  origin: string
  type: string
  challenge: string
  rpId: string
  isPresent: boolean
  isVerified: boolean
  counter: number
  userHandle: string | undefined
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()

export class SoftAuthenticator {
  readonly id = randomBytes(16).toString('base64url')
  counter = 0
  userHandle: string | undefined
  readonly #origin: string
  #key: KeyObject
  readonly #cosePublicKey: Buffer

  constructor(origin: string) {
    this.#origin = origin
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x, y } = publicKey.export({ format: 'jwk' })
    this.#key = privateKey
    // RFC 9053: an EC2 key, ES256, on P-256.
    const cose = new Map<number, number | Uint8Array<ArrayBuffer>>([
      ...([
        [1, 2],
        [3, -7],
        [-1, 1],
      ] as const),
      [-2, Uint8Array.from(Buffer.from(x!, 'base64url'))],
      [-3, Uint8Array.from(Buffer.from(y!, 'base64url'))],
    ])
    this.#cosePublicKey = Buffer.from(isoCBOR.encode(cose))
  }

  /** From now on it signs with another key: a forgery. */
  changeKey(): void {
    this.#key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  }

  make(options: PasskeyCreationOptions, lies: Partial<Said> = {}): RegistrationCredential {
    this.userHandle = options.user.id
    const said = this.#said('webauthn.create', options.challenge, options.rp.id, lies)
    const id = Buffer.from(this.id, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.#cosePublicKey])
    const authData = Buffer.concat([this.#head(said, HAS_CREDENTIAL), attested])
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', Uint8Array.from(authData)],
    ])
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: this.#clientData(said).toString('base64url'),
        attestationObject: Buffer.from(
          isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0]),
        ).toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  use(options: PasskeyRequestOptions, lies: Partial<Said> = {}): SignInCredential {
    const said = this.#said('webauthn.get', options.challenge, options.rpId, lies)
    const clientData = this.#clientData(said)
    const authenticatorData = this.#head(said, 0)
    const signed = Buffer.concat([authenticatorData, sha256(clientData)])
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, this.#key).toString('base64url'),
        userHandle: said.userHandle,
      },
    }
  }

  #credential() {
    const type = 'public-key' as const
    return { id: this.id, rawId: this.id, type, clientExtensionResults: {} }
  }

  #said(type: string, challenge: string, rpId: string, lies: Partial<Said>): Said {
    this.counter += 1
    const honest = { type, challenge, rpId, origin: this.#origin, counter: this.counter }
    const { userHandle } = this
    return { ...honest, isPresent: true, isVerified: true, userHandle, ...lies }
  }

  #clientData({ type, challenge, origin }: Said): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  }

  #head({ rpId, isPresent, isVerified, counter }: Said, extraFlags: number): Buffer {
    const flags = (isPresent ? USER_PRESENT : 0) | (isVerified ? USER_VERIFIED : 0) | extraFlags
    const tail = Buffer.alloc(5)
    tail.writeUInt8(flags)
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(rpId), tail])
  }
}

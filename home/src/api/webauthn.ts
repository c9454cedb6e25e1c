// WebAuthn, as the library does it and we want it: passkeys that can be discovered, a user that was
// verified, no attestation. What an authenticator sends is refused with one answer, whatever is wrong.

import type {
  PasskeyCreationOptions,
  PasskeyRequestOptions,
  RegistrationCredential,
  SignInCredential,
} from '@motu/shared/contract/passkeys.ts'
import { DomainError } from '@motu/shared/problem.ts'
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { COSEALG, decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers'
import { z } from 'zod'
import { canHavePasskeys } from './public-origin.ts'

/** How long an authenticator may take, and how long its answer is waited for. */
export const CEREMONY_MS = 5 * 60_000
const ALGORITHMS = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256]
/**
 * We ask for no attestation; browsers leave an authenticator's own signature in. What has
 * certificates in it is not looked at: checking those can mean fetching what a stranger names.
 */
const ATTESTATION_FORMATS: ReadonlySet<string> = new Set(['none', 'packed'])

/** Whom passkeys are made for: the host's name, and the one origin that may use them. */
export type RelyingParty = { id: string; origin: string }

export function relyingPartyOf(origin: string): RelyingParty {
  if (!canHavePasskeys(origin)) {
    throw new DomainError('not-found', { detail: 'Passkeys need a secure origin with a name.' })
  }
  return { id: new URL(origin).hostname, origin }
}

export type PasskeyOwner = { userId: string; username: string; nickname: string }
/** What is stored of a passkey. */
export type PasskeyKey = { id: string; publicKey: Uint8Array; transports: readonly string[] }

type CreationParts = {
  rp: RelyingParty
  owner: PasskeyOwner
  /** The passkeys he has: an authenticator makes no second one. */
  known: readonly Pick<PasskeyKey, 'id' | 'transports'>[]
  challenge: Uint8Array<ArrayBuffer>
}

export async function creationOptions(parts: CreationParts): Promise<PasskeyCreationOptions> {
  const { rp, owner, known, challenge } = parts
  const options = await generateRegistrationOptions({
    ...{ rpName: 'Motu', rpID: rp.id, challenge, timeout: CEREMONY_MS },
    ...{ userName: owner.username, userDisplayName: owner.nickname },
    userID: handleOf(owner.userId),
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return { ...options, rp: { ...options.rp, id: rp.id } }
}

export async function requestOptions(
  rp: RelyingParty,
  challenge: Uint8Array<ArrayBuffer>,
): Promise<PasskeyRequestOptions> {
  const options = await generateAuthenticationOptions({
    ...{ rpID: rp.id, challenge, timeout: CEREMONY_MS, userVerification: 'required' },
  })
  return { ...options, rpId: rp.id }
}

const clientDataSchema = z.object({ challenge: z.string().min(1).max(128) })

/** The challenge an answer is for; null when it says none. */
export function challengeIn(clientDataJSON: string): string | null {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return clientDataSchema.safeParse(clientData).data?.challenge ?? null
  } catch {
    return null
  }
}

type Asked = { rp: RelyingParty; challenge: string }

/** A passkey that was just made; null when something about it is not as it must be. */
export async function verifyNewPasskey(
  credential: RegistrationCredential,
  { rp, challenge }: Asked,
): Promise<(PasskeyKey & { counter: number }) | null> {
  return refusing(async () => {
    // Where the library says that a member may be missing, the schema says that it may be undefined.
    const response = credential as RegistrationResponseJSON
    const { attestationObject } = response.response
    const format = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('fmt')
    if (!ATTESTATION_FORMATS.has(format)) return null
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      ...{ response, expectedChallenge: challenge, supportedAlgorithmIDs: ALGORITHMS },
      ...{ expectedOrigin: rp.origin, expectedRPID: rp.id, requireUserVerification: true },
    })
    // What it is called outside is not signed; the one inside is.
    if (!verified || registrationInfo.credential.id !== response.id) return null
    const { id, publicKey, counter } = registrationInfo.credential
    return { id, publicKey, counter, transports: response.response.transports ?? [] }
  })
}

/** The counter a passkey showed; null when it did not show that it is this one. */
export async function verifyUse(
  credential: SignInCredential,
  { rp, challenge, passkey }: Asked & { passkey: PasskeyKey },
): Promise<number | null> {
  return refusing(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential as AuthenticationResponseJSON,
      ...{ expectedChallenge: challenge, requireUserVerification: true },
      ...{ expectedOrigin: rp.origin, expectedRPID: rp.id },
      // The counter is compared where it is stored, so that of two at once one is the first.
      credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter: 0 },
    })
    return verified ? authenticationInfo.newCounter : null
  })
}

/** The library throws for everything an answer can have wrong, and for nothing else. */
async function refusing<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify()
  } catch {
    return null
  }
}

/** A user as authenticators keep him: his id, which says nothing about him. */
const handleOf = (userId: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'))

export const isHandleOf = (handle: string | undefined, userId: string): boolean =>
  handle === Buffer.from(handleOf(userId)).toString('base64url')

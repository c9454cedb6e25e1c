// Passkeys, between the browser's authenticator and the API. Loaded only where someone uses one.

import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import type { Failure, Http } from './http.ts'
import type { Session } from './session.svelte.ts'

/** Something of the authenticator: `dismissed` when the user closed its window or let it time out. */
export type PasskeyFailure = { kind: 'dismissed' } | { kind: 'already-here' } | { kind: 'broken' }

export const hasPasskeys = browserSupportsWebAuthn

/** Whether the browser can offer passkeys in the list below the user name. */
export const canOffer = browserSupportsWebAuthnAutofill

export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<RegistrationResponseJSON | PasskeyFailure> {
  try {
    return await startRegistration({ optionsJSON })
  } catch (error) {
    return failureOf(error)
  }
}

/**
 * Signs in with a passkey: at once, or when the user picks one from the list below the user name
 * (`isOffered`), which may be never. Null when he is in.
 */
export async function signInWithPasskey(
  { http, session }: { http: Http; session: Session },
  isOffered: boolean,
): Promise<Failure | PasskeyFailure | null> {
  const path = '/api/v1/login/passkey'
  const options = await http.send<PublicKeyCredentialRequestOptionsJSON>({
    method: 'POST',
    path: `${path}/options`,
  })
  if (!options.ok) return options.failure
  try {
    const credential = await startAuthentication({
      optionsJSON: options.data,
      useBrowserAutofill: isOffered,
    })
    return await session.enter(path, { credential })
  } catch (error) {
    return failureOf(error)
  }
}

/** Calls the waiting list, or the authenticator's window, off. */
export function callOff(): void {
  WebAuthnAbortService.cancelCeremony()
}

function failureOf(error: unknown): PasskeyFailure {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError') return { kind: 'dismissed' }
  return { kind: name === 'InvalidStateError' ? 'already-here' : 'broken' }
}

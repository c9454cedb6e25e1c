// Passkeys (WebAuthn): registering one, signing in with one, listing and removing them. What goes to
// the authenticator and comes back is the W3C's own JSON, in its own camelCase: browsers read and
// write it (`PublicKeyCredential.parseRequestOptionsFromJSON`, `toJSON`).

import { createRoute, z } from '@hono/zod-openapi'
import { access } from './access.ts'
import { instantText, jsonAnswer, jsonBody, problemAnswers } from './answers.ts'
import { tokensSchema } from './auth.ts'

export const PASSKEYS_MAX = 20
const NAME_LENGTH_MAX = 48
/** A credential id has at most 1,023 bytes; the largest attestation is a few kilobytes. */
const ID_LENGTH_MAX = 1_364
const BLOB_LENGTH_MAX = 16_384

const base64url = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[\w-]+$/, { error: 'must be base64url' })
const credentialId = base64url(ID_LENGTH_MAX)
const blob = base64url(BLOB_LENGTH_MAX)

/** What both kinds of credential carry besides their answer. Other members are left out. */
const credentialParts = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  // Nothing of the extensions is asked for, and nothing of them is believed.
  clientExtensionResults: z.looseObject({}),
}

export const registrationCredentialSchema = z
  .object({
    ...credentialParts,
    response: z.object({
      clientDataJSON: blob,
      attestationObject: blob,
      transports: z.array(z.string().max(32)).max(8).optional(),
    }),
  })
  .openapi('RegistrationCredential')
export type RegistrationCredential = z.infer<typeof registrationCredentialSchema>

export const signInCredentialSchema = z
  .object({
    ...credentialParts,
    response: z.object({
      clientDataJSON: blob,
      authenticatorData: blob,
      signature: blob,
      userHandle: base64url(128).optional(),
    }),
  })
  .openapi('SignInCredential')
export type SignInCredential = z.infer<typeof signInCredentialSchema>

/** `PublicKeyCredentialCreationOptionsJSON` of the W3C, with what we rely on spelled out. */
export const creationOptionsSchema = z
  .looseObject({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  })
  .openapi('PasskeyCreationOptions')
export type PasskeyCreationOptions = z.infer<typeof creationOptionsSchema>

/** `PublicKeyCredentialRequestOptionsJSON` of the W3C. */
export const requestOptionsSchema = z
  .looseObject({ challenge: z.string(), rpId: z.string() })
  .openapi('PasskeyRequestOptions')
export type PasskeyRequestOptions = z.infer<typeof requestOptionsSchema>

export const passkeySchema = z
  .object({
    /** The credential id, in base64url. */
    passkey_id: z.string(),
    name: z.string(),
    created_at: instantText,
    last_used_at: instantText.nullable(),
  })
  .openapi('Passkey')
export type Passkey = z.infer<typeof passkeySchema>

export const newPasskeySchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(NAME_LENGTH_MAX)
      .regex(/^[^\p{C}<>]+$/u, { error: 'must not hold control characters, < or >' })
      .openapi({ example: '내 휴대폰', pattern: '^[^\\p{C}<>]+$' }),
    credential: registrationCredentialSchema,
  })
  .openapi('NewPasskey')

export const passkeySignInSchema = z
  .strictObject({ credential: signInCredentialSchema })
  .openapi('PasskeySignIn')

export const passkeyOptionsRoute = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys/options',
  summary: 'What an authenticator needs to make a passkey; good once, for five minutes',
  ...access('session'),
  responses: { 200: jsonAnswer(creationOptionsSchema, 'The options'), ...problemAnswers },
})

export const addPasskeyRoute = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys',
  summary: 'Register the passkey that was made',
  ...access('session'),
  request: { body: jsonBody(newPasskeySchema) },
  responses: { 201: jsonAnswer(passkeySchema, 'The passkey'), ...problemAnswers },
})

export const listPasskeysRoute = createRoute({
  method: 'get',
  path: '/api/v1/auth/passkeys',
  summary: 'The passkeys that open this account',
  ...access('session'),
  responses: {
    200: jsonAnswer(z.object({ passkeys: z.array(passkeySchema) }), 'The passkeys, oldest first'),
    ...problemAnswers,
  },
})

export const removePasskeyRoute = createRoute({
  method: 'delete',
  path: '/api/v1/auth/passkeys/{id}',
  summary: 'Remove a passkey; never the last way in',
  ...access('session'),
  request: { params: z.object({ id: credentialId }) },
  responses: { 204: { description: 'Removed' }, ...problemAnswers },
})

export const passkeySignInOptionsRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/passkey/options',
  summary: 'What an authenticator needs to sign in; good once, for five minutes',
  ...access('anyone'),
  responses: { 200: jsonAnswer(requestOptionsSchema, 'The options'), ...problemAnswers },
})

export const passkeySignInRoute = createRoute({
  method: 'post',
  path: '/api/v1/login/passkey',
  summary: 'Sign in with a passkey',
  ...access('anyone'),
  request: { body: jsonBody(passkeySignInSchema) },
  responses: { 200: jsonAnswer(tokensSchema, 'Access and refresh token'), ...problemAnswers },
})

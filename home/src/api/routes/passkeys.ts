// Passkeys: made and removed by who is signed in, used by who wants to be.

import { randomBytes } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  addPasskeyRoute,
  listPasskeysRoute,
  passkeyOptionsRoute,
  passkeySignInOptionsRoute,
  passkeySignInRoute,
  removePasskeyRoute,
} from '@motu/shared/contract/passkeys.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { ApiParts } from '../api.ts'
import { actorOf, audit } from '../audit.ts'
import { type ApiEnv, callerOf } from '../env.ts'
import { publicOriginOf } from '../public-origin.ts'
import { type ChallengeKind, insertChallenge, takeChallenge } from '../queries/challenges.ts'
import { insertNotice } from '../queries/notices.ts'
import {
  countUse,
  deletePasskey,
  findPasskey,
  findPasskeyOwner,
  insertPasskey,
  type KnownPasskey,
  listPasskeys,
} from '../queries/passkeys.ts'
import { signInElsewhere } from '../sign-in-elsewhere.ts'
import {
  CEREMONY_MS,
  challengeIn,
  creationOptions,
  isHandleOf,
  relyingPartyOf,
  requestOptions,
  verifyNewPasskey,
  verifyUse,
} from '../webauthn.ts'

const CHALLENGE_BYTES = 32
const NOT_AS_ASKED = {
  detail: 'The passkey is not what was asked for. Begin again.',
  errors: [{ pointer: '#/credential', detail: 'is not what was asked for' }],
}

/** A challenge as it goes out, and as it is known when it comes back. */
async function ask(
  { sql, now }: ApiParts,
  question: { kind: ChallengeKind; userId?: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = Uint8Array.from(randomBytes(CHALLENGE_BYTES))
  const secret = Buffer.from(challenge).toString('base64url')
  await insertChallenge(sql, { ...question, secret, lifetimeMs: CEREMONY_MS }, now())
  return challenge
}

export function addPasskeyRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, config } = parts
  const providers = config.oidcProviders.map(({ id }) => id)

  app.openapi(passkeyOptionsRoute, async (c) => {
    const { userId } = c.get('principal')
    const rp = relyingPartyOf(publicOriginOf(c, config))
    const found = await findPasskeyOwner(sql, userId)
    if (!found) throw new DomainError('unauthenticated')
    const challenge = await ask(parts, { kind: 'passkey-registration', userId })
    return c.json(await creationOptions({ rp, ...found, challenge }), 200)
  })

  app.openapi(addPasskeyRoute, async (c) => {
    const { name, credential } = c.req.valid('json')
    const { userId } = c.get('principal')
    const rp = relyingPartyOf(publicOriginOf(c, config))
    const challenge = challengeIn(credential.response.clientDataJSON)
    const question = { kind: 'passkey-registration', secret: challenge ?? '', userId } as const
    const asked = await takeChallenge(sql, question, now())
    if (challenge === null || !asked) {
      throw new DomainError('invalid-request', NOT_AS_ASKED)
    }
    const key = await verifyNewPasskey(credential, { rp, challenge })
    if (!key) throw new DomainError('invalid-request', NOT_AS_ASKED)
    const passkey = await sql.begin(async (tx) => {
      const added = await insertPasskey(tx, { userId, name, key }, now())
      await audit(tx, { action: 'passkey_added', ...actorOf(c), target: `user:${userId}` }, now())
      const detail = { passkey: name, address: callerOf(c).address }
      await insertNotice(tx, { userId, kind: 'passkey_added', detail }, now())
      return added
    })
    return c.json(passkey, 201)
  })

  app.openapi(listPasskeysRoute, async (c) =>
    c.json({ passkeys: await listPasskeys(sql, c.get('principal').userId) }, 200),
  )

  app.openapi(removePasskeyRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { userId } = c.get('principal')
    await sql.begin(async (tx) => {
      await deletePasskey(tx, { userId, id }, providers)
      await audit(tx, { action: 'passkey_removed', ...actorOf(c), target: `user:${userId}` }, now())
    })
    return c.body(null, 204)
  })

  addPasskeySignIn(app, parts)
}

function addPasskeySignIn(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { sql, now, config } = parts

  app.openapi(passkeySignInOptionsRoute, async (c) => {
    const rp = relyingPartyOf(publicOriginOf(c, config))
    return c.json(await requestOptions(rp, await ask(parts, { kind: 'passkey-sign-in' })), 200)
  })

  app.openapi(passkeySignInRoute, async (c) => {
    const { credential } = c.req.valid('json')
    const rp = relyingPartyOf(publicOriginOf(c, config))
    const challenge = challengeIn(credential.response.clientDataJSON)
    const question = { kind: 'passkey-sign-in', secret: challenge ?? '' } as const
    const asked = await takeChallenge(sql, question, now())
    const passkey = await findPasskey(sql, credential.id)
    if (challenge === null || !asked || !passkey) throw new DomainError('sign-in-refused')
    const isHis = isHandleOf(credential.response.userHandle, passkey.userId)
    const counter = isHis ? await verifyUse(credential, { rp, challenge, passkey }) : null
    if (counter === null) return refuse(c, parts, { passkey, reason: 'not_verified' })
    if (!(await countUse(sql, { id: passkey.id, counter }, now()))) {
      return refuse(c, parts, { passkey, reason: 'counter_went_back' })
    }
    const { userId } = passkey
    return c.json(await signInElsewhere(c, parts, { userId, method: 'passkey' }), 200)
  })
}

type Refusal = { passkey: KnownPasskey; reason: 'not_verified' | 'counter_went_back' }

/** Says no, and writes down why. A counter that goes back means two of it: its owner must know. */
async function refuse(
  c: Context<ApiEnv>,
  { sql, now }: ApiParts,
  { passkey, reason }: Refusal,
): Promise<never> {
  const { userId, id, name } = passkey
  await sql.begin(async (tx) => {
    const entry = { action: 'passkey_refused', ...actorOf(c), target: `user:${userId}` } as const
    await audit(tx, { ...entry, detail: { reason, passkey_id: id } }, now())
    if (reason === 'counter_went_back') {
      await insertNotice(tx, { userId, kind: 'passkey_cloned', detail: { passkey: name } }, now())
    }
  })
  throw new DomainError('sign-in-refused')
}

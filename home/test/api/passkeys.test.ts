// Passkeys over HTTP: home's routes, and an authenticator in software that can lie.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Profile, Tokens, User } from '@motu/shared/contract/auth.ts'
import {
  type Passkey,
  type PasskeyCreationOptions,
  type PasskeyRequestOptions,
  PASSKEYS_MAX,
  type RegistrationCredential,
  type SignInCredential,
} from '@motu/shared/contract/passkeys.ts'
import type { Providers } from '@motu/shared/contract/oidc.ts'
import { PUBLIC_ORIGIN_HEADER } from '@motu/shared/internal.ts'
import { type Said, SoftAuthenticator } from './soft-authenticator.ts'
import { type Answer, createWorld, problemIn, type World } from './world.ts'

const ORIGIN = 'https://motu.example'
const PASSKEYS = '/api/v1/auth/passkeys'
const SIGN_IN = '/api/v1/login/passkey'
const FROM_HERE = { [PUBLIC_ORIGIN_HEADER]: ORIGIN }

let world: World
let user: User & Tokens
let authenticator: SoftAuthenticator

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  user = await world.signedIn()
  authenticator = new SoftAuthenticator(ORIGIN)
})

function post<T>(path: string, body: unknown, token?: string): Promise<Answer<T>> {
  const headers = FROM_HERE
  return world.call<T>(path, { method: 'POST', body, headers, ...(token ? { token } : {}) })
}

async function creationOptions(token = user.access_token): Promise<PasskeyCreationOptions> {
  const answer = await post<PasskeyCreationOptions>(`${PASSKEYS}/options`, {}, token)
  expect(answer.status).toBe(200)
  return answer.body
}

async function requestOptions(): Promise<PasskeyRequestOptions> {
  const answer = await post<PasskeyRequestOptions>(`${SIGN_IN}/options`, {})
  expect(answer.status).toBe(200)
  return answer.body
}

const add = (credential: RegistrationCredential, token = user.access_token, name = '내 휴대폰') =>
  post<Passkey>(PASSKEYS, { name, credential }, token)

const signIn = (credential: SignInCredential) => post<Tokens>(SIGN_IN, { credential })

const remove = (id: string, token = user.access_token) =>
  world.call(`${PASSKEYS}/${id}`, { method: 'DELETE', token })

async function listed(token = user.access_token): Promise<Passkey[]> {
  return (await world.call<{ passkeys: Passkey[] }>(PASSKEYS, { token })).body.passkeys
}

async function registered(): Promise<Passkey> {
  const answer = await add(authenticator.make(await creationOptions()))
  expect(answer.status).toBe(201)
  return answer.body
}

const signedInWith = async (lies: Partial<Said> = {}) =>
  signIn(authenticator.use(await requestOptions(), lies))

describe('registering a passkey', () => {
  it('asks for one that can be found again, of a user that is verified', async () => {
    const options = await creationOptions()
    expect(options).toMatchObject({
      rp: { id: 'motu.example' },
      user: { name: user.username, displayName: '민지' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(options.user.id).not.toContain(user.username)
  })

  it('stores what opens nothing by itself', async () => {
    const passkey = await registered()
    expect(passkey).toEqual({
      ...{ passkey_id: authenticator.id, name: '내 휴대폰', last_used_at: null },
      created_at: new Date(world.clock.nowMs).toISOString(),
    })
    expect(await listed()).toEqual([passkey])
  })

  it('is told to its owner; one that was refused is not', async () => {
    const notices = () =>
      world.sql`SELECT kind, detail, read_at FROM notices WHERE user_id = ${user.user_id}`
    await add(authenticator.make(await creationOptions(), { isVerified: false }))
    expect(await notices()).toEqual([])
    await registered()
    const detail = { passkey: '내 휴대폰', address: expect.any(String) as string }
    expect(await notices()).toEqual([{ kind: 'passkey_added', detail, read_at: null }])
  })

  it('tells the authenticator which ones there are', async () => {
    const { passkey_id: id } = await registered()
    expect(await creationOptions()).toMatchObject({
      excludeCredentials: [{ id, type: 'public-key', transports: ['internal'] }],
    })
  })

  it.each<[string, Partial<Said>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin in plain text', { origin: 'http://motu.example' }],
    ['another port of the origin', { origin: `${ORIGIN}:8443` }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['the wrong ceremony', { type: 'webauthn.get' }],
    ['nobody present', { isPresent: false }],
    ['nobody verified', { isVerified: false }],
  ])('refuses one made for %s', async (_what, lies) => {
    const answer = await add(authenticator.make(await creationOptions(), lies))
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/credential'])
    expect(await listed()).toEqual([])
  })

  it('takes each challenge once', async () => {
    const options = await creationOptions()
    expect((await add(authenticator.make(options))).status).toBe(201)
    const second = await add(new SoftAuthenticator(ORIGIN).make(options))
    expect(problemIn(second)).toEqual([400, 'invalid-request', '#/credential'])
  })

  it('takes no challenge of five minutes ago, of another user, or of a sign-in', async () => {
    const other = await world.signedIn()
    const foreign = await creationOptions(other.access_token)
    expect((await add(authenticator.make(foreign))).status).toBe(400)
    // It is still there for whom it was made.
    const his = new SoftAuthenticator(ORIGIN).make(foreign)
    expect((await add(his, other.access_token)).status).toBe(201)
    const options = await creationOptions()
    const { challenge } = await requestOptions()
    expect((await add(authenticator.make(options, { challenge }))).status).toBe(400)
    const old = await creationOptions()
    world.clock.nowMs += 5 * 60_000
    expect((await add(authenticator.make(old))).status).toBe(400)
    world.clock.nowMs -= 1
    const late = await creationOptions()
    world.clock.nowMs += 5 * 60_000 - 1
    expect((await add(authenticator.make(late))).status).toBe(201)
  })

  it('refuses one that goes by another id than its own', async () => {
    const credential = authenticator.make(await creationOptions())
    const answer = await add({ ...credential, id: 'AAAA', rawId: 'AAAA' })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/credential'])
  })

  it("refuses another user's", async () => {
    await registered()
    const other = await world.signedIn()
    const copy = authenticator.make(await creationOptions(other.access_token))
    expect(problemIn(await add(copy, other.access_token))).toEqual([409, 'way-in-taken'])
    expect((await signedInWith()).status).toBe(401)
  })

  it.each([
    ['no JSON in the client data', { clientDataJSON: 'AAAA' }],
    ['an empty attestation', { attestationObject: 'AA' }],
    ['an attestation that never ends', { attestationObject: 'v_8' }],
  ])('survives %s', async (_what, change) => {
    const { response, ...rest } = authenticator.make(await creationOptions())
    const answer = await add({ ...rest, response: { ...response, ...change } })
    expect(problemIn(answer)).toEqual([400, 'invalid-request', '#/credential'])
  })

  it(`keeps at most ${PASSKEYS_MAX}`, async () => {
    await world.sql`INSERT INTO passkeys (id, user_id, name, public_key, counter, created_at)
      SELECT ${user.user_id} || n, ${user.user_id}, 'x', '\\x00', 0, now()
      FROM generate_series(2, ${PASSKEYS_MAX}) n`
    expect((await add(authenticator.make(await creationOptions()))).status).toBe(201)
    const one = new SoftAuthenticator(ORIGIN).make(await creationOptions())
    expect(problemIn(await add(one))).toEqual([400, 'invalid-request'])
  })

  it('needs a sign-in', async () => {
    for (const path of [`${PASSKEYS}/options`, PASSKEYS]) {
      expect(problemIn(await post(path, {}))[0]).toBe(401)
    }
  })
})

describe('signing in with a passkey', () => {
  it('opens a sign-in of whose it is', async () => {
    await registered()
    const answer = await signedInWith()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ token_type: 'bearer', expires_in: 1_800 })
    const me = await world.call<Profile>('/api/v1/users/me', { token: answer.body.access_token })
    expect(me.body.user_id).toBe(user.user_id)
    const [passkey] = await listed()
    expect(passkey!.last_used_at).toBe(new Date(world.clock.nowMs).toISOString())
    const [session] = await world.sql`SELECT method FROM auth_sessions
      WHERE user_id = ${user.user_id} ORDER BY created_at DESC, method LIMIT 1`
    expect(session).toEqual({ method: 'passkey' })
  })

  it('puts the refresh token into the cookie of a browser that asks', async () => {
    await registered()
    const headers = { ...FROM_HERE, 'motu-session': 'cookie', origin: ORIGIN }
    const body = { credential: authenticator.use(await requestOptions()) }
    const answer = await world.call<Tokens>(SIGN_IN, { body, headers })
    expect(answer.status).toBe(200)
    expect(answer.body.refresh_token).toBeUndefined()
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-motu_refresh=[\w-]{43}; .*HttpOnly/)
  })

  it('names nobody when it asks', async () => {
    await registered()
    expect(await requestOptions()).toMatchObject({
      ...{ rpId: 'motu.example', userVerification: 'required' },
    })
    expect(await requestOptions()).not.toHaveProperty('allowCredentials')
  })

  it.each<[string, Partial<Said>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['a part of the origin', { origin: 'https://a.motu.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['no challenge', { challenge: '' }],
    ['the wrong ceremony', { type: 'webauthn.create' }],
    ['nobody present', { isPresent: false }],
    ['nobody verified', { isVerified: false }],
    ['another user', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['no user', { userHandle: undefined }],
  ])('refuses %s', async (_what, lies) => {
    await registered()
    expect(problemIn(await signedInWith(lies))).toEqual([401, 'sign-in-refused'])
    expect((await signedInWith()).status).toBe(200)
  })

  it('refuses a forged signature, and an unknown passkey alike', async () => {
    await registered()
    const unknown = new SoftAuthenticator(ORIGIN)
    unknown.userHandle = authenticator.userHandle
    const nobody = await signIn(unknown.use(await requestOptions()))
    authenticator.changeKey()
    const forged = await signedInWith()
    expect(problemIn(forged)).toEqual([401, 'sign-in-refused'])
    const plain = ({ body }: Answer) => ({ ...(body as object), instance: '' })
    expect(plain(nobody)).toEqual(plain(forged))
  })

  it('takes each challenge once', async () => {
    await registered()
    const options = await requestOptions()
    const credential = authenticator.use(options)
    expect((await signIn(credential)).status).toBe(200)
    expect(problemIn(await signIn(credential))).toEqual([401, 'sign-in-refused'])
    expect(problemIn(await signIn(authenticator.use(options)))).toEqual([401, 'sign-in-refused'])
  })

  it('lets in one of several who bring one answer at once', async () => {
    await registered()
    const credential = authenticator.use(await requestOptions())
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(credential)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401])
  })

  it('takes no challenge of five minutes ago, nor one of a registration', async () => {
    await registered()
    const old = await requestOptions()
    world.clock.nowMs += 5 * 60_000
    expect((await signIn(authenticator.use(old))).status).toBe(401)
    user = await world.signedIn()
    const { challenge } = await creationOptions()
    expect((await signedInWith({ challenge })).status).toBe(401)
  })

  it('keeps out who was disabled', async () => {
    await registered()
    await world.sql`UPDATE users SET disabled_at = now() WHERE id = ${user.user_id}`
    expect(problemIn(await signedInWith())).toEqual([401, 'sign-in-refused'])
  })
})

describe("a passkey's counter", () => {
  it.each([
    ['the same', 5],
    ['less', 4],
    ['none any more', 0],
  ])('that says %s means a copy: refused, written down, and told', async (_what, counter) => {
    await registered()
    expect((await signedInWith({ counter: 5 })).status).toBe(200)
    expect(problemIn(await signedInWith({ counter }))).toEqual([401, 'sign-in-refused'])
    const [entry] = await world.sql`SELECT action, detail FROM audit_log
      WHERE target = ${`user:${user.user_id}`} ORDER BY id DESC LIMIT 1`
    expect(entry).toEqual({
      action: 'passkey_refused',
      detail: { reason: 'counter_went_back', passkey_id: authenticator.id },
    })
    const notices = await world.sql`SELECT kind, detail FROM notices
      WHERE user_id = ${user.user_id} AND kind <> 'passkey_added'`
    expect(notices).toEqual([{ kind: 'passkey_cloned', detail: { passkey: '내 휴대폰' } }])
    expect((await signedInWith({ counter: 6 })).status).toBe(200)
  })

  it('may stay at zero: most do not count', async () => {
    await add(authenticator.make(await creationOptions(), { counter: 0 }))
    expect((await signedInWith({ counter: 0 })).status).toBe(200)
    expect((await signedInWith({ counter: 0 })).status).toBe(200)
    const cloned = await world.sql`SELECT 1 FROM notices
      WHERE user_id = ${user.user_id} AND kind = 'passkey_cloned'`
    expect(cloned).toEqual([])
  })

  it('lets in one of two who show one count at once', async () => {
    await registered()
    const lies = { counter: 9 }
    const answers = await Promise.all([signedInWith(lies), signedInWith(lies)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401])
  })
})

describe('removing a passkey', () => {
  it('shuts that way in', async () => {
    const { passkey_id: id } = await registered()
    expect((await remove(id)).status).toBe(204)
    expect(await listed()).toEqual([])
    expect(problemIn(await signedInWith())).toEqual([401, 'sign-in-refused'])
    expect(problemIn(await remove(id))).toEqual([404, 'not-found'])
  })

  it("touches no other user's", async () => {
    const { passkey_id: id } = await registered()
    const other = await world.signedIn()
    expect(problemIn(await remove(id, other.access_token))).toEqual([404, 'not-found'])
    expect(await listed()).toHaveLength(1)
  })

  it('never takes the last way in', async () => {
    const { passkey_id: id } = await registered()
    await world.sql`UPDATE users SET password_hash = NULL WHERE id = ${user.user_id}`
    expect(problemIn(await remove(id))).toEqual([409, 'last-way-in'])
    expect((await signedInWith()).status).toBe(200)
  })

  it('leaves one of two that are taken away at once', async () => {
    const { passkey_id: id } = await registered()
    authenticator = new SoftAuthenticator(ORIGIN)
    const { passkey_id: second } = await registered()
    await world.sql`UPDATE users SET password_hash = NULL WHERE id = ${user.user_id}`
    const answers = await Promise.all([remove(id), remove(second)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
  })
})

describe('where passkeys work', () => {
  it.each([
    ['https://motu.example', true],
    ['http://localhost:8787', true],
    ['http://motu.example', false],
    ['http://127.0.0.1:8787', false],
    ['https://192.0.2.1', false],
    ['https://[2001:db8::1]', false],
  ])('at %s: %s', async (origin, works) => {
    const headers = { [PUBLIC_ORIGIN_HEADER]: origin }
    const providers = await world.call<Providers>('/api/v1/auth/providers', { headers })
    expect(providers.body.passkeys).toBe(works)
    const options = await world.call(`${SIGN_IN}/options`, { method: 'POST', headers })
    expect(options.status).toBe(works ? 200 : 404)
  })
})

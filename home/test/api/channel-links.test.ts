// Accounts at Discord and Telegram: a code made by who is signed in, typed there, redeemed once.

import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINK_PATH, type LinkAnswer } from '@motu/shared/bot-calls.ts'
import type { ChatService } from '@motu/shared/channel-link.ts'
import type { Tokens } from '@motu/shared/contract/auth.ts'
import type { ChannelLinks, LinkCode } from '@motu/shared/contract/channel-links.ts'
import { createWorld, PASSWORD, problemIn, type World } from './world.ts'

const BOTS = { DISCORD_PUBLIC_KEY: 'ab'.repeat(32), TELEGRAM_BOT_TOKEN: '1:secret' }

let world: World
beforeAll(async () => {
  world = await createWorld(undefined, BOTS)
})
afterAll(() => world.close())

const person = (service: ChatService = 'discord') => ({
  service,
  external_id: String(randomInt(1, 2 ** 47)),
})
type Person = ReturnType<typeof person>

async function codeOf(token: string, mayTrade = true): Promise<string> {
  const path = '/api/v1/channel-links/codes'
  const answer = await world.call<LinkCode>(path, { token, body: { may_trade: mayTrade } })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return answer.body.code
}

async function type(who: Person, code: string): Promise<LinkAnswer> {
  const body = { person: who, display_name: '민지#1', code }
  return (await world.call<LinkAnswer>(LINK_PATH, { body })).body
}

async function linksOf(token: string): Promise<ChannelLinks['links']> {
  return (await world.call<ChannelLinks>('/api/v1/channel-links', { token })).body.links
}

const endingsOf = (userId: string) => world.sql`
  SELECT service, ended_reason FROM channel_links WHERE user_id = ${userId} ORDER BY ended_reason`

describe('a code', () => {
  it('links who typed it, however he spelled it, and is used up', async () => {
    const user = await world.signedIn()
    const who = person()
    const code = await codeOf(user.access_token)
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/)
    const typed = ` ${code.replace('-', ' ').toLowerCase()}`
    expect(await type(who, typed)).toEqual({
      outcome: 'linked',
      user: {
        link_id: expect.stringMatching(/^link:[0-9a-f-]{36}$/) as string,
        ...{ user_id: user.user_id, role: 'USER', nickname: '민지', may_trade: true },
      },
    })
    expect(await linksOf(user.access_token)).toMatchObject([
      { service: 'discord', display_name: '민지#1', may_trade: true },
    ])
    expect(await type(person(), code)).toEqual({ outcome: 'unknown_code' })
    const audited = await world.sql`
      SELECT action, actor_via, detail FROM audit_log
      WHERE actor_id = ${user.user_id} AND action = 'channel_linked'`
    const detail = { service: 'discord', name: '민지#1', may_trade: true }
    expect(audited).toEqual([
      { action: 'channel_linked', actor_via: `discord:${who.external_id}`, detail },
    ])
  })

  it('is good for ten minutes, and only until the next one is made', async () => {
    const { access_token: token } = await world.signedIn()
    const first = await codeOf(token)
    const second = await codeOf(token)
    expect(await type(person(), first)).toEqual({ outcome: 'unknown_code' })
    world.clock.nowMs += 10 * 60_000
    expect(await type(person(), second)).toEqual({ outcome: 'unknown_code' })
  })

  it('cannot be guessed: nobody tries more than five in ten minutes', async () => {
    const { access_token: token } = await world.signedIn()
    const guesser = person()
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await type(guesser, 'AAAA-AAAA')).toEqual({ outcome: 'unknown_code' })
    }
    const code = await codeOf(token)
    expect(await type(guesser, code)).toEqual({ outcome: 'too_many_tries' })
    expect(await type(person(), code)).toMatchObject({ outcome: 'linked' })
    const refused = await world.sql`
      SELECT 1 FROM audit_log
      WHERE action = 'channel_link_refused' AND actor_via = ${`discord:${guesser.external_id}`}`
    expect(refused).toHaveLength(5)
  })

  it('is stored as a hash', async () => {
    const { user_id, access_token: token } = await world.signedIn()
    const code = await codeOf(token)
    const rows = await world.sql`SELECT id FROM challenges WHERE user_id = ${user_id}`
    expect(rows).toHaveLength(1)
    expect(rows[0]!.id).not.toContain(code.replace('-', ''))
  })
})

describe('a link', () => {
  it('is one per person and one per user and service: the newer one counts', async () => {
    const [a, b] = [await world.signedIn(), await world.signedIn()]
    const who = person()
    await type(who, await codeOf(a.access_token))
    await type(person('telegram'), await codeOf(a.access_token, false))
    await type(who, await codeOf(b.access_token))
    expect(await linksOf(a.access_token)).toMatchObject([{ service: 'telegram', may_trade: false }])
    await type(person(), await codeOf(b.access_token))
    expect(await endingsOf(b.user_id)).toEqual([
      { service: 'discord', ended_reason: 'replaced' },
      { service: 'discord', ended_reason: null },
    ])
  })

  it('ends when its user says so, and everyone hears that its rights are gone', async () => {
    const heard: string[] = []
    const stop = await world.bus.subscribe('revocations', (messages) => {
      heard.push(...(messages as { id: string }[]).map(({ id }) => id))
    })
    const user = await world.signedIn()
    const made = await type(person(), await codeOf(user.access_token))
    const path = '/api/v1/channel-links/discord'
    const end = { method: 'DELETE', token: user.access_token }
    expect((await world.call(path, end)).status).toBe(204)
    expect(await linksOf(user.access_token)).toEqual([])
    expect(problemIn(await world.call(path, end))).toEqual([404, 'not-found'])
    const linkId = made.outcome === 'linked' ? made.user.link_id : ''
    await expect.poll(() => heard).toContain(linkId)
    await stop()
  })

  it('ends with its user: who is shut out has none, and makes none', async () => {
    const user = await world.signedIn()
    await type(person(), await codeOf(user.access_token))
    const code = await codeOf(user.access_token)
    const admin = await world.signedIn()
    await world.sql`UPDATE users SET role = 'ADMIN' WHERE id = ${admin.user_id}`
    const login = { username: admin.username, password: PASSWORD }
    const { body } = await world.call<Tokens>('/api/v1/login/access-token', { body: login })
    const disable = { method: 'POST', token: body.access_token }
    await world.call(`/api/v1/admin/users/${user.user_id}/disable`, disable)
    expect(await endingsOf(user.user_id)).toEqual([
      { service: 'discord', ended_reason: 'disabled' },
    ])
    expect(await type(person(), code)).toEqual({ outcome: 'unknown_code' })
  })
})

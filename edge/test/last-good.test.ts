// The last good answers: bounded, and nobody's but their owner's.

import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import type { Env } from '../src/env.ts'
import { LastGood } from '../src/last-good.ts'

let count = 0

async function withStore(
  limits: { count: number; bytes: number; perUser?: number; open?: number },
  test: (store: LastGood, clock: { ms: number }) => void,
): Promise<void> {
  const edgeEnv = env as unknown as Env
  count += 1
  await runInDurableObject(edgeEnv.LAST_GOOD.getByName(`test-${count}`), (_instance, state) => {
    const clock = { ms: 1_000 }
    test(new LastGood(state, edgeEnv, () => clock.ms, limits), clock)
  })
}

const answer = (user: string, path: string, body = '{}') => ({ user, path, body, type: 'a/b' })

it('gives back what was put last, with its age', () =>
  withStore({ count: 10, bytes: 1_000 }, (store, clock) => {
    store.put(answer('u', '/a', 'old'))
    store.put(answer('u', '/a', 'new'))
    clock.ms += 500
    expect(store.find({ user: 'u', path: '/a' })).toEqual({ body: 'new', type: 'a/b', ageMs: 500 })
    expect(store.find({ user: 'v', path: '/a' })).toBeNull()
  }))

it('forgets everything of a user, and nothing of others', () =>
  withStore({ count: 10, bytes: 1_000 }, (store) => {
    for (const user of ['u', 'v']) store.put(answer(user, '/a'))
    store.erase('u')
    expect(store.find({ user: 'u', path: '/a' })).toBeNull()
    expect(store.find({ user: 'v', path: '/a' })).not.toBeNull()
  }))

it('drops the oldest when it has too many, or too much', () =>
  withStore({ count: 300, bytes: 10_000, perUser: 1_000 }, (store, clock) => {
    for (let index = 0; index < 301; index += 1) {
      clock.ms += 1
      store.put(answer('u', `/${index}`))
    }
    expect(store.find({ user: 'u', path: '/0' })).toBeNull()
    expect(store.find({ user: 'u', path: '/300' })).not.toBeNull()
    store.put(answer('u', '/big', 'x'.repeat(9_990)))
    expect(store.find({ user: 'u', path: '/299' })).toBeNull()
  }))

it.each([
  ['a user', 'u'],
  ['whoever asks for what is open', ''],
])('lets %s push out nothing of others', (_what, user) =>
  withStore({ count: 100, bytes: 10_000, perUser: 3, open: 3 }, (store, clock) => {
    store.put(answer('v', '/a'))
    for (let index = 0; index < 10; index += 1) {
      clock.ms += 1
      store.put(answer(user, `/${index}`))
    }
    expect(store.find({ user, path: '/6' })).toBeNull()
    expect(store.find({ user, path: '/7' })).not.toBeNull()
    for (let index = 0; index < 200; index += 1) store.put(answer(user, `/more/${index}`))
    expect(store.find({ user: 'v', path: '/a' })).not.toBeNull()
  }),
)

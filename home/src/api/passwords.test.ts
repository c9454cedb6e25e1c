import { expect, it, vi } from 'vitest'
import { Passwords } from './passwords.ts'

// Some fifty hashes, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 })

it('tells a right password from a wrong one, and neither opens what does not exist', async () => {
  const passwords = new Passwords()
  const kept = await passwords.hash('correct horse battery')
  expect(await passwords.verify(kept, 'correct horse battery')).toBe(true)
  expect(await passwords.verify(kept, 'wrong horse battery')).toBe(false)
  expect(await passwords.verify(null, 'a password that nobody has')).toBe(false)
})

it('lets who is known wait for no stranger', async () => {
  const passwords = new Passwords()
  await passwords.verify(null, 'until the decoy is made')
  const order: string[] = []
  const come = async (from: 'known' | 'stranger') => {
    await passwords.verify(null, 'a password', from)
    order.push(from)
  }
  await Promise.all([...Array.from({ length: 12 }, () => come('stranger')), come('known')])
  // He begins beside the first of the twelve; a busy machine may let two more end before him.
  expect(order.indexOf('known')).toBeLessThanOrEqual(3)
})

it('refuses strangers when too many wait, and still takes who is known', async () => {
  const passwords = new Passwords()
  const strangers = Array.from({ length: 80 }, () => passwords.verify(null, 'a password'))
  const settled = Promise.allSettled(strangers)
  expect(await passwords.verify(null, 'a password', 'known')).toBe(false)
  const refused = (await settled).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  // One is in, fifty wait.
  expect(refused).toHaveLength(29)
  expect(refused[0]).toMatchObject({ code: 'unavailable' })
})

it('takes as long for who does not exist, or has no password, as for who does', async () => {
  const passwords = new Passwords()
  const kept = await passwords.hash('correct horse battery')
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let round = 0; round < 15; round += 1) {
    for (const who of ['known', 'unknown'] as const) {
      const startedAt = performance.now()
      await passwords.verify(who === 'known' ? kept : null, 'wrong horse battery')
      times[who].push(performance.now() - startedAt)
    }
  }
  const middle = (all: number[]) => all.toSorted((a, b) => a - b)[7]!
  const ratio = middle(times.unknown) / middle(times.known)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
})

import { expect, it } from 'vitest'
import { Lanes } from './lanes.ts'

it('runs the work of one user in order, others beside it, and tells who is idle', async () => {
  const told: string[] = []
  const lanes = new Lanes((userId) => void told.push(`${userId} idle`))
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const first = lanes.run('a', async () => {
    await gate
    told.push('a1')
    throw new Error('no matter')
  })
  const second = lanes.run('a', async () => void told.push('a2'))
  await lanes.run('b', async () => void told.push('b'))
  expect(told).toEqual(['b', 'b idle'])
  expect([lanes.size, lanes.has('a'), lanes.has('b')]).toEqual([1, true, false])
  open()
  await expect(first).rejects.toThrow('no matter')
  await second
  expect(told).toEqual(['b', 'b idle', 'a1', 'a2', 'a idle'])
  expect(lanes.size).toBe(0)
})

import { expect, test } from 'vitest'
import { Cleanup, withCleanup } from './cleanup.ts'

test('undoes the last thing first, even when one of them fails', async () => {
  const undone: string[] = []
  const cleanup = new Cleanup()
  cleanup.add(() => undone.push('first'))
  cleanup.add(() => Promise.reject(new Error('second')))
  cleanup.add(() => undone.push('third'))
  await expect(cleanup.run()).rejects.toThrow('second')
  expect(undone).toEqual(['third', 'first'])
})

test('cleans up once, behind work that failed too', async () => {
  let times = 0
  const work = withCleanup(async (cleanup) => {
    cleanup.add(() => (times += 1))
    await cleanup.run()
    throw new Error('work')
  })
  await expect(work).rejects.toThrow('work')
  expect(times).toBe(1)
})

import type { Answer, Failure } from '#lib/http.ts'
import { expect, it, vi } from 'vitest'
import { collect, type Page } from './collect.ts'

const BUSY: Failure = {
  ...{ kind: 'problem', code: 'rate-limited', status: 429, detail: '', fields: {} },
  waitSeconds: 3,
}
const page = (items: number[], next: string | null, staleSince: number | null = null) =>
  ({ ok: true, data: { items, next }, staleSince }) satisfies Answer<Page<number>>

function setUp(answers: Answer<Page<number>>[]) {
  const asked: (string | null)[] = []
  const controller = new AbortController()
  const wait = vi.fn(() => Promise.resolve())
  const onProgress = vi.fn()
  const fetchPage = (cursor: string | null) => {
    asked.push(cursor)
    return Promise.resolve(answers.shift()!)
  }
  const run = () => collect(fetchPage, { signal: controller.signal, wait, onProgress })
  return { asked, controller, wait, onProgress, run }
}

it('asks from page to page until there is no next one', async () => {
  const { asked, onProgress, run } = setUp([page([1, 2], 'a'), page([3], null)])
  expect(await run()).toEqual({ kind: 'all', items: [1, 2, 3] })
  expect(asked).toEqual([null, 'a'])
  expect(onProgress.mock.calls).toEqual([[2], [3]])
})

it('waits as long as the server asks, and asks for the same page again', async () => {
  const { asked, wait, run } = setUp([
    page([1], 'a'),
    { ok: false, failure: BUSY },
    page([2], null),
  ])
  expect(await run()).toEqual({ kind: 'all', items: [1, 2] })
  expect(asked).toEqual([null, 'a', 'a'])
  expect(wait).toHaveBeenCalledExactlyOnceWith(3_000)
})

it('gives up a page that cannot be had, with what was wrong', async () => {
  const forbidden: Failure = { ...BUSY, code: 'forbidden', status: 403 }
  const { run } = setUp([page([1], 'a'), { ok: false, failure: forbidden }])
  expect(await run()).toEqual({ kind: 'failed', failure: forbidden })
  const always = Array.from({ length: 9 }, () => ({ ok: false, failure: BUSY }) as const)
  const { asked, run: runBusy } = setUp(always)
  expect(await runBusy()).toEqual({ kind: 'failed', failure: BUSY })
  expect(asked).toHaveLength(4)
})

it('takes nothing that home kept from before for the whole', async () => {
  const { run } = setUp([page([1], null, 1_000)])
  expect(await run()).toMatchObject({ kind: 'failed', failure: { code: 'unavailable' } })
})

it('stops when it is cancelled', async () => {
  const { asked, controller, run } = setUp([page([1], 'a'), page([2], 'b')])
  const done = run()
  controller.abort()
  expect(await done).toEqual({ kind: 'cancelled' })
  expect(asked).toHaveLength(1)
})

import { describe, expect, it } from 'vitest'
import type { Answer } from './http.ts'
import { Resource } from './resource.svelte.ts'

type Settle = (answer: Answer<string>) => void
const DARK: Answer<string> = { ok: false, failure: { kind: 'network' } }
const answerOf = (data: string): Answer<string> => ({ ok: true, data, staleSince: null })

/** A resource whose requests are answered by hand, in any order. */
function setUp() {
  const asked: Settle[] = []
  const resource = new Resource<string>(() => new Promise((settle: Settle) => asked.push(settle)))
  return { asked, resource }
}

describe('a resource', () => {
  it('is fetched when it is first wanted, once for all who want it', async () => {
    const { asked, resource } = setUp()
    const wanted = [resource.ensure(), resource.ensure()]
    expect(asked).toHaveLength(1)
    asked[0]!(answerOf('here'))
    await Promise.all(wanted)
    await resource.ensure()
    expect(resource.data).toBe('here')
    expect(asked).toHaveLength(1)
  })

  it('is asked for again after a failure, and shows the last answer meanwhile', async () => {
    const { asked, resource } = setUp()
    const first = resource.load()
    asked[0]!(answerOf('old'))
    await first
    const second = resource.load()
    asked[1]!(DARK)
    await second
    expect([resource.data, resource.failure]).toEqual(['old', { kind: 'network' }])
    const third = resource.ensure()
    asked[2]!(answerOf('new'))
    await third
    expect([resource.data, resource.failure]).toEqual(['new', null])
  })

  it('takes the answer of the last request, whichever comes first', async () => {
    const { asked, resource } = setUp()
    const both = [resource.load(), resource.load()]
    asked[1]!(answerOf('second'))
    asked[0]!(answerOf('first'))
    await Promise.all(both)
    expect(resource.data).toBe('second')
  })

  it('takes no answer that was under way when it was cleared, and is fetched anew', async () => {
    const { asked, resource } = setUp()
    const before = resource.ensure()
    resource.clear()
    const after = resource.ensure()
    asked[0]!(answerOf('of another user'))
    await before
    expect(resource.data).toBe(null)
    asked[1]!(answerOf('mine'))
    await after
    expect(resource.data).toBe('mine')
  })
})

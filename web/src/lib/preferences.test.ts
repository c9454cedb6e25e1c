import type { PreferencesView } from '@motu/shared/contract/preferences.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer } from './http.ts'
import { Preferences } from './preferences.svelte.ts'
import { PreferenceSync } from './preference-sync.ts'

const ELSEWHERE: PreferencesView = {
  ...{ locale: 'en', theme: 'dark', colours: 'up_green' },
  ...{ confirm_orders: false, fill_toasts: false },
}
const SILENCE: Answer<unknown> = { ok: false, failure: { kind: 'network' } }
const answerOf = (data: unknown): Answer<unknown> => ({ ok: true, data, staleSince: null })
const settle = () => new Promise((done) => setImmediate(done))

let stored: Map<string, string>
let hearSystem: (event: { matches: boolean }) => void
let root: { lang: string; dataset: DOMStringMap }

const storage = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
  removeItem: (key: string) => void stored.delete(key),
}

function open(isSystemDark = false): Preferences {
  root = { lang: 'ko', dataset: {} as DOMStringMap }
  const addEventListener = (_: 'change', hear: typeof hearSystem) => (hearSystem = hear)
  return new Preferences({ storage, root, system: { matches: isSystemDark, addEventListener } })
}

beforeEach(() => {
  stored = new Map()
})

describe('preferences', () => {
  it('begin in Korean, with the system’s theme, red rises, and a question before each order', () => {
    expect(open().chosen).toEqual({
      ...{ locale: 'ko', theme: 'system', colours: 'up_red' },
      ...{ confirm_orders: true, fill_toasts: true },
    })
  })

  it('follow the system while no theme is chosen, and not after', () => {
    const preferences = open(true)
    expect(preferences.theme).toBe('dark')
    hearSystem({ matches: false })
    expect(preferences.theme).toBe('light')
    preferences.choose({ theme: 'dark' })
    expect([preferences.theme, root.dataset['theme']]).toEqual(['dark', 'dark'])
    preferences.choose({ theme: 'system' })
    expect([preferences.theme, root.dataset['theme']]).toEqual(['light', undefined])
  })

  it('are there again after the page was loaded anew', () => {
    open().choose(ELSEWHERE)
    expect(root).toEqual({ lang: 'en', dataset: { theme: 'dark', colours: 'up_green' } })
    expect(open().chosen).toEqual(ELSEWHERE)
  })

  it('are taken over at once from another tab, and told to nobody', () => {
    const [here, there] = [open(), open()]
    const told = vi.fn()
    here.listen(told)
    there.choose({ locale: 'en', theme: 'dark' })
    expect(here.locale).toBe('ko')
    root = { lang: 'ko', dataset: {} }
    here.adoptStored()
    expect(here.chosen).toEqual(there.chosen)
    expect(told).not.toHaveBeenCalled()
  })

  it('take a stored value they do not know for none', () => {
    stored = new Map([
      ['motu.theme', 'sepia'],
      ['motu.colours', 'up_pink'],
      ['motu.locale', 'tlh'],
    ])
    expect(open().chosen).toMatchObject({ theme: 'system', colours: 'up_red', locale: 'ko' })
  })
})

describe('preferences and home', () => {
  let timers: (() => void)[]
  let preferences: Preferences
  let sync: PreferenceSync
  let signed: ReturnType<typeof vi.fn>
  let now: number

  function meet(): void {
    timers = []
    preferences = open()
    const after = (_: number, call: () => void) => {
      timers.push(call)
      return () => (timers = timers.filter((each) => each !== call))
    }
    const api = { signed: signed as never }
    sync = new PreferenceSync({ api, preferences, storage, after, now: () => now })
  }

  async function passTime(): Promise<void> {
    for (const call of timers.splice(0)) call()
    await settle()
  }

  const puts = () =>
    signed.mock.calls.map(([request]) => request).filter(({ method }) => method === 'PUT')

  beforeEach(() => {
    now = 100_000
    signed = vi.fn(async () => answerOf({ preferences: ELSEWHERE }))
    meet()
  })

  it('hold here what was chosen elsewhere', async () => {
    await sync.begin('demo')
    expect(preferences.chosen).toEqual(ELSEWHERE)
    expect(puts()).toEqual([])
  })

  it('leave this browser as it is where nothing was chosen yet, or home does not answer', async () => {
    for (const answer of [answerOf({ preferences: null }), SILENCE]) {
      signed.mockResolvedValueOnce(answer)
      await sync.begin('demo')
      expect(preferences.chosen.locale).toBe('ko')
    }
  })

  it('are sent once the viewer has stopped choosing', async () => {
    await sync.begin('demo')
    preferences.choose({ theme: 'light' })
    preferences.choose({ locale: 'ko' })
    expect(timers).toHaveLength(1)
    await passTime()
    expect(puts().map(({ body }) => body)).toEqual([{ ...ELSEWHERE, theme: 'light', locale: 'ko' }])
  })

  it('are told to nobody where nobody is signed in', async () => {
    preferences.choose({ theme: 'dark' })
    await sync.begin('demo')
    sync.end()
    preferences.choose({ theme: 'light' })
    await passTime()
    expect(puts()).toEqual([])
  })

  it('are not overwritten by an answer that was under way when the viewer chose', async () => {
    let answer: (answer: Answer<unknown>) => void = () => {}
    signed.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
    const begun = sync.begin('demo')
    preferences.choose({ colours: 'up_green' })
    answer(answerOf({ preferences: { ...ELSEWHERE, colours: 'up_red' } }))
    await begun
    expect(preferences.chosen).toMatchObject({ colours: 'up_green', locale: 'ko' })
  })

  it('are asked for again when the page was away, now and then', async () => {
    await sync.begin('demo')
    signed.mockResolvedValue(answerOf({ preferences: { ...ELSEWHERE, theme: 'light' } }))
    await sync.refresh()
    expect(preferences.chosenTheme).toBe('dark')
    now += 30_000
    await sync.refresh()
    expect(preferences.chosenTheme).toBe('light')
    now += 30_000
    sync.end()
    await sync.refresh()
    expect(signed).toHaveBeenCalledTimes(2)
  })

  it('wait for home while it is dark, over a new page too', async () => {
    await sync.begin('demo')
    signed.mockResolvedValue(SILENCE)
    preferences.choose({ theme: 'light' })
    await passTime()
    await sync.retry()
    meet()
    signed.mockResolvedValue(answerOf({}))
    await sync.begin('demo')
    expect(puts().at(-1).body).toMatchObject({ theme: 'light' })
    await sync.retry()
    expect(puts()).toHaveLength(3)
  })

  it('of one user are not sent in the name of the next one', async () => {
    await sync.begin('demo')
    signed.mockResolvedValue(SILENCE)
    preferences.choose({ theme: 'light' })
    await passTime()
    signed.mockResolvedValue(answerOf({ preferences: { ...ELSEWHERE, locale: 'ko' } }))
    await sync.begin('friend')
    expect(puts()).toHaveLength(1)
    expect(preferences.chosen).toMatchObject({ theme: 'dark', locale: 'ko' })
  })
})

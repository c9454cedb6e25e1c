import type { WatchList } from '@motu/shared/contract/watch-lists.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Failure, HttpRequest } from '#lib/http.ts'
import { WatchLists } from './watch-lists.svelte.ts'

const BTC = 'CRYPTO-COIN-BTC'
const ETH = 'CRYPTO-COIN-ETH'

/** Home, as far as it keeps watch lists: what is written is what is read. */
class Home {
  readonly lists = new Map<string, WatchList>()
  readonly calls: string[] = []
  failure: Failure | null = null

  readonly signed = async ({ method, path, body }: HttpRequest) => {
    const id = path.split('/').at(4) ?? ''
    this.calls.push(`${method} ${id}`.trim())
    await Promise.resolve()
    if (this.failure && method !== 'GET') return { ok: false, failure: this.failure }
    if (method === 'PUT') {
      this.lists.set(id, { watch_list_id: id, ...(body as Omit<WatchList, 'watch_list_id'>) })
    }
    if (method === 'DELETE') this.lists.delete(id)
    return { ok: true, data: { watch_lists: [...this.lists.values()] }, staleSince: null }
  }
}

let home: Home
let stored: Map<string, string>
let onFailed: ReturnType<typeof vi.fn<(failure: Failure) => void>>
let lists: WatchLists

beforeEach(() => {
  home = new Home()
  stored = new Map()
  onFailed = vi.fn<(failure: Failure) => void>()
  let ids = 0
  lists = new WatchLists({
    api: home as never,
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
      removeItem: (key) => void stored.delete(key),
    },
    newId: () => `list-${++ids}`,
    defaultName: () => '관심종목',
    onFailed,
  })
})

const settled = () => new Promise((done) => setTimeout(done, 5))

describe('a visitor', () => {
  it('keeps his first list in this browser', async () => {
    await lists.begin(false)
    expect(lists.add(BTC)).toBe(true)
    expect(lists.isWatched(BTC)).toBe(true)
    expect(lists.lists).toMatchObject([{ name: '관심종목', tickers: [BTC] }])
    await lists.begin(false)
    expect(lists.lists).toMatchObject([{ name: '관심종목', tickers: [BTC] }])
    expect(home.calls).toEqual([])
  })

  it('takes it with him when he signs in, once', async () => {
    await lists.begin(false)
    lists.add(BTC)
    home.lists.set('own', { watch_list_id: 'own', name: '관심종목', tickers: [ETH] })
    await lists.begin(true)
    expect(home.lists.get('own')!.tickers).toEqual([ETH, BTC])
    expect(lists.lists).toHaveLength(1)
    expect(stored.size).toBe(0)
  })

  it('keeps what he gathered while home cannot be told', async () => {
    await lists.begin(false)
    lists.add(BTC)
    home.failure = { kind: 'network' }
    await lists.begin(true)
    expect(stored.size).toBe(1)
  })

  it('is not stopped by a storage that holds something else', async () => {
    stored.set('motu.watch-lists', '[{"name": 1}, null]')
    await lists.begin(false)
    expect(lists.lists).toEqual([])
  })
})

describe('a user', () => {
  it('sees a star at once, and home has it soon', async () => {
    await lists.begin(true)
    lists.add(BTC)
    lists.add(ETH)
    expect(lists.active!.tickers).toEqual([BTC, ETH])
    await settled()
    expect([...home.lists.values()]).toMatchObject([{ tickers: [BTC, ETH] }])
    expect(home.calls.filter((call) => call.startsWith('PUT')).length).toBeLessThanOrEqual(2)
  })

  it('takes a star back, from every list, and may undo that', async () => {
    home.lists.set('a', { watch_list_id: 'a', name: 'a', tickers: [ETH, BTC] })
    home.lists.set('b', { watch_list_id: 'b', name: 'b', tickers: [BTC] })
    await lists.begin(true)
    const removed = lists.removeEverywhere(BTC)
    expect(lists.isWatched(BTC)).toBe(false)
    await settled()
    expect(home.lists.get('a')!.tickers).toEqual([ETH])
    lists.restore(removed)
    await settled()
    expect(home.lists.get('a')!.tickers).toEqual([ETH, BTC])
    expect(home.lists.get('b')!.tickers).toEqual([BTC])
  })

  it('deletes a list, and gets it back', async () => {
    home.lists.set('a', { watch_list_id: 'a', name: 'a', tickers: [BTC] })
    await lists.begin(true)
    const removed = await lists.delete('a')
    expect([lists.lists.length, home.lists.size]).toEqual([0, 0])
    lists.restore(removed)
    await settled()
    expect(home.lists.get('a')).toMatchObject({ name: 'a', tickers: [BTC] })
  })

  it('is told when home refuses, and sees what home has', async () => {
    home.lists.set('a', { watch_list_id: 'a', name: 'a', tickers: [BTC] })
    await lists.begin(true)
    home.failure = { kind: 'network' }
    lists.add(ETH)
    expect(lists.isWatched(ETH)).toBe(true)
    await settled()
    expect(onFailed).toHaveBeenCalledOnce()
    expect(lists.isWatched(ETH)).toBe(false)
  })
})

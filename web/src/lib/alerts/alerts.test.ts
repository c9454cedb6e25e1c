import type { PriceAlert } from '@motu/shared/contract/price-alerts.ts'
import { beforeEach, expect, it, vi } from 'vitest'
import type { HttpRequest } from '#lib/http.ts'
import { Alerts } from './alerts.svelte.ts'

function alertOf(id: string, more: Partial<PriceAlert> = {}): PriceAlert {
  return {
    ...{ alert_id: id, ticker_id: 'CRYPTO-COIN-BTC', condition: 'ABOVE', price: '90000000' },
    ...{ currency: 'KRW', note: '', created_at: '2026-11-20T00:00:00Z' },
    ...{ told_at: null, told_price: null, ...more },
  }
}
const TOLD = { told_at: '2026-11-20T01:00:00Z', told_price: '90001000' }

let kept: PriceAlert[]
let isRefused: boolean
let onTold: ReturnType<typeof vi.fn<(alert: PriceAlert) => void>>
let alerts: Alerts

beforeEach(() => {
  kept = [alertOf('a'), alertOf('b', TOLD)]
  isRefused = false
  onTold = vi.fn<(alert: PriceAlert) => void>()
  const signed = async ({ method, path }: HttpRequest) => {
    await Promise.resolve()
    if (isRefused && method !== 'GET') return { ok: false, failure: { kind: 'network' } }
    const id = path.split('/').at(4)
    return { ok: true, data: id ? alertOf(id) : { alerts: kept }, staleSince: null }
  }
  alerts = new Alerts({ api: { signed } as never, onTold })
})

it('tells those that wait from those that were told', async () => {
  await alerts.load()
  expect(alerts.waiting.map(({ alert_id }) => alert_id)).toEqual(['a'])
  expect(alerts.told.map(({ alert_id }) => alert_id)).toEqual(['b'])
  expect(alerts.waitingFor('CRYPTO-COIN-ETH')).toEqual([])
})

it('says once that a price was reached, even when the socket says it twice', async () => {
  await alerts.load()
  alerts.hear(alertOf('a', TOLD))
  alerts.hear(alertOf('a', TOLD))
  expect(onTold).toHaveBeenCalledOnce()
  expect(alerts.waiting).toEqual([])
  expect(alerts.told).toHaveLength(2)
})

it('says what was told while the socket was away, and nothing else, once', async () => {
  await alerts.load()
  kept = [alertOf('a', TOLD), alertOf('b', TOLD), alertOf('c', TOLD)]
  const catchingUp = alerts.catchUp()
  // The socket brings it while the list is under way.
  alerts.hear(alertOf('a', TOLD))
  await catchingUp
  await alerts.catchUp()
  expect(onTold.mock.calls.map(([{ alert_id }]) => alert_id)).toEqual(['a'])
})

it('brings back what home would not delete', async () => {
  await alerts.load()
  isRefused = true
  const removing = alerts.remove('a')
  expect(alerts.waiting).toEqual([])
  expect((await removing).ok).toBe(false)
  expect(alerts.waiting).toHaveLength(1)
})

it('shows a new one at once', async () => {
  await alerts.load()
  const line = { ticker_id: 'CRYPTO-COIN-BTC', condition: 'ABOVE', price: '1' } as const
  await alerts.add('c', line)
  expect(alerts.waiting.map(({ alert_id }) => alert_id)).toContain('c')
})

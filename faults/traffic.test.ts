// The traffic plan: repeatable, mixed as promised, and never selling what was not bought.

import { decimal } from '@motu/shared/decimal.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { expect, test } from 'vitest'
import { draftOfRequest } from './journal.ts'
import { planTraffic, type Step } from './traffic.ts'

/** A day whose ticks the traffic is planned by. */
const AT_MS = Date.parse('2026-11-20T03:00:00Z')

const prices = new Map(INSTRUMENTS.map((one) => [one.tickerId, one.referencePrice]))
const plan = (seed: number): Step[] => planTraffic({ seed, orders: 2_000, users: 20, prices })

const isValid = (step: Step): boolean => step.kind === 'place' && step.validity === 'valid'

test('the same seed gives the same traffic, another seed another', () => {
  expect(plan(7)).toEqual(plan(7))
  expect(plan(7)).not.toEqual(plan(8))
})

test('every valid order passes the rules of its instrument', () => {
  const refused = plan(1)
    .filter(isValid)
    .map((step) => checkDraft(draftOfRequest(step.order), AT_MS))
    .filter((refusal) => refusal !== null)
  expect(refused).toEqual([])
})

test('types, sides, cancels, repeats and invalid requests are all there', () => {
  const steps = plan(1)
  const orders = steps.filter(isValid).map((step) => step.order)
  const ids = new Set(orders.map((order) => order.client_order_id))
  expect(ids.size).toBe(2_000)
  expect(orders.length).toBeGreaterThan(2_050)
  expect(orders.filter((order) => order.type === 'LIMIT').length).toBeGreaterThan(500)
  expect(orders.filter((order) => order.side === 'SELL').length).toBeGreaterThan(300)
  expect(steps.filter((step) => step.kind === 'cancel').length).toBeGreaterThan(100)
  expect(steps.filter((step) => step.kind === 'place' && !isValid(step)).length).toBeGreaterThan(10)
})

test('nobody sells more than market orders have bought before', () => {
  const owned = new Map<string, bigint>()
  const seen = new Set<string>()
  for (const { user, order, ...step } of plan(3)) {
    const isFirst =
      step.kind === 'place' && step.validity === 'valid' && !seen.has(order.client_order_id)
    if (!isFirst) continue
    seen.add(order.client_order_id)
    const key = `${user} ${order.ticker_id}`
    const amount = decimal(order.quantity)
    if (order.side === 'SELL') owned.set(key, (owned.get(key) ?? 0n) - amount)
    else if (order.type === 'MARKET') owned.set(key, (owned.get(key) ?? 0n) + amount)
    expect(owned.get(key) ?? 0n).toBeGreaterThanOrEqual(0n)
  }
})

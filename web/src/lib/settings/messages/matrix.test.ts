import { expect, it } from 'vitest'
import { withChoice } from './matrix.ts'

const NONE = { order_filled: [], order_failed: [], price_alert: [] }

it('turns one choice on and off, once, and leaves the others', () => {
  const on = withChoice(NONE, { kind: 'price_alert', channel: 'push', isOn: true })
  expect(on).toEqual({ ...NONE, price_alert: ['push'] })
  const twice = withChoice(on, { kind: 'price_alert', channel: 'push', isOn: true })
  expect(twice).toEqual(on)
  const both = withChoice(on, { kind: 'price_alert', channel: 'discord', isOn: true })
  expect(both.price_alert).toEqual(['push', 'discord'])
  const off = withChoice(both, { kind: 'price_alert', channel: 'push', isOn: false })
  expect(off).toEqual({ ...NONE, price_alert: ['discord'] })
})

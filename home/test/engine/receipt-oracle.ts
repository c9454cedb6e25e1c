// An oracle of receipts: from the rows of an order's fills and their evidence alone it reckons each
// amount again, on fractions of whole numbers, to the last decimal. It shares no arithmetic and no
// table with the engine: rates are those the evidence states.

import type { Evidence } from '@motu/shared/contract/receipt.ts'

/** Of an order, what a receipt says of it. */
export type ReceiptOrder = {
  readonly orderId: string
  readonly tickerId: string
  readonly side: 'BUY' | 'SELL'
}

/** A fill as it is stored: decimals as text, with as many zeros as the column writes. */
export type ReceiptFill = {
  readonly fillNo: number
  readonly quantity: string
  readonly price: string
  readonly appliedExchangeRate: string
  readonly notionalKrw: string
  readonly feeKrw: string
  readonly evidence: Evidence
}

/** A number as a quotient; the denominator is positive. */
type Fraction = readonly [numerator: bigint, denominator: bigint]
type Direction = 'up' | 'down'

const EIGHT_PLACES = 10n ** 8n
/** The exchange rate of a dollar fill is at most so old: a long weekend. */
const FX_AGE_MAX_MS = 96 * 3_600_000

/** All that does not agree in the receipt of an order; its fills in their order, from the first on. */
export function receiptFaults(order: ReceiptOrder, fills: readonly ReceiptFill[]): string[] {
  const before: Running = { quantity: [0n, 1n], notional: [0n, 1n], rates: new Map() }
  return fills.flatMap((fill, index) => {
    const faults = [
      ...(fill.fillNo === index + 1 ? [] : [`fill ${index + 1} has the number ${fill.fillNo}`]),
      ...amountFaults(order, fill),
      ...chargeFaults(order, fill, before),
      ...contextFaults(order, fill),
    ]
    before.quantity = plus(before.quantity, read(fill.quantity))
    before.notional = plus(before.notional, read(fill.notionalKrw))
    return faults.map((fault) => `order ${order.orderId}, fill ${fill.fillNo}: ${fault}`)
  })
}

/** What an order has filled before, and the rates that its charges stated. */
type Running = { quantity: Fraction; notional: Fraction; rates: Map<string, string> }

const isDollars = ({ tickerId }: ReceiptOrder): boolean => tickerId.startsWith('US-')

/** A buy is rounded up and a sell down: never in the user's favour. */
function amountFaults(order: ReceiptOrder, fill: ReceiptFill): string[] {
  const direction: Direction = order.side === 'BUY' ? 'up' : 'down'
  const { mid, spread_rate: spread } = fill.evidence.fx
  const factor = plus([1n, 1n], order.side === 'BUY' ? read(spread) : minus(read(spread)))
  const rate = isDollars(order) ? rounded(times(read(mid), factor), direction) : EIGHT_PLACES
  const value = times(times(read(fill.price), read(fill.quantity)), read(fill.appliedExchangeRate))
  return [
    ...differ('applied exchange rate', fill.appliedExchangeRate, rate),
    ...differ('notional', fill.notionalKrw, rounded(value, direction)),
  ]
}

/** Each charge is that on the running total after the fill, less that before it. */
function chargeFaults(order: ReceiptOrder, fill: ReceiptFill, before: Running): string[] {
  const faults: string[] = []
  const { charges } = fill.evidence
  const after = {
    quantity: plus(before.quantity, read(fill.quantity)),
    notional: plus(before.notional, read(fill.notionalKrw)),
  }
  let total = 0n
  for (const charge of charges) {
    const isPerShare = charge.unit === 'per_share'
    const exchange = read(fill.appliedExchangeRate)
    const on = ({ quantity, notional }: Pick<Running, 'quantity' | 'notional'>): bigint => {
      const rate = read(charge.rate)
      if (!isPerShare) return rounded(times(times(notional, rate), [1n, 100n]), 'up')
      const dollars = times(quantity, rate)
      const cap = charge.cap === null ? null : read(charge.cap)
      return rounded(times(cap && isLess(cap, dollars) ? cap : dollars, exchange), 'up')
    }
    const amount = on(after) - on(before)
    faults.push(...differ(charge.kind, charge.amount_krw, amount))
    const base = isPerShare ? fill.quantity : fill.notionalKrw
    faults.push(...differ(`base of ${charge.kind}`, charge.base, rounded(read(base), 'down')))
    if (amount <= 0n) faults.push(`${charge.kind} of nothing`)
    before.rates.set(charge.kind, charge.rule)
    total += amount
  }
  faults.push(...differ('fee', fill.feeKrw, total), ...kindFaults(order, fill, before))
  return faults
}

/** Which charges there are: the commission for all, taxes and fees for sells. */
function kindFaults(order: ReceiptOrder, fill: ReceiptFill, before: Running): string[] {
  const kinds = fill.evidence.charges.map(({ kind }) => kind)
  const [venue, type] = order.tickerId.split('-')
  const isSell = order.side === 'SELL'
  const allowed = new Set<string>(['commission'])
  if (isSell && venue === 'KRX' && type !== 'ETF') allowed.add('transaction_tax')
  if (isSell && venue === 'US') allowed.add('sec_fee').add('taf')
  // A rate above zero is rounded up, so the first fill always pays something of it. The SEC has
  // been asking for nothing at times.
  const due = [...allowed].filter((kind) => kind !== 'sec_fee')
  return [
    ...kinds.filter((kind) => !allowed.has(kind)).map((kind) => `${kind} is not charged here`),
    ...(new Set(kinds).size === kinds.length ? [] : ['a charge twice']),
    ...due.filter((kind) => !before.rates.has(kind)).map((kind) => `${kind} is missing`),
  ]
}

/** The event, the rate's age and the place in the queue make sense together. */
function contextFaults(order: ReceiptOrder, { evidence, price }: ReceiptFill): string[] {
  const { event, fx, queue, role, model } = evidence
  const [received, venue] = [Date.parse(event.received_at), Date.parse(event.venue_time)]
  const faults: string[] = []
  const expect = (isSo: boolean, fault: string): void => void (isSo || faults.push(fault))
  expect(/^(arcade|standard|strict)@\d+$/.test(model), `model ${model}`)
  expect(event.age_ms === received - venue, `age ${event.age_ms}`)
  expect(evidence.seed === fnv(order.orderId), `seed ${evidence.seed}`)
  expect((role === 'maker') === (queue !== null), `a ${role} with the queue ${queue?.initial}`)
  if (queue) expect(!isLess(read(queue.initial), read(queue.ahead)), 'its place got worse')
  if (isDollars(order)) {
    const age = fx.at === null ? Infinity : received - Date.parse(fx.at)
    expect(age >= 0 && age <= FX_AGE_MAX_MS, `an exchange rate of ${fx.at}`)
    expect(fx.source !== null, 'an exchange rate from nowhere')
  } else {
    const isNone = isSame(read(fx.mid), [1n, 1n]) && isSame(read(fx.spread_rate), [0n, 1n])
    expect(isNone && fx.at === null, `won at ${fx.mid}`)
  }
  // Who takes from the book does not get a better price than the best one shown.
  if (role === 'taker') {
    const touch = read(order.side === 'BUY' ? event.ask : event.bid)
    const isBetter = order.side === 'BUY' ? isLess(read(price), touch) : isLess(touch, read(price))
    expect(!isBetter, `a taker at ${price}, better than the best price`)
  }
  return faults
}

function differ(what: string, stated: string, reckoned: bigint): string[] {
  const [numerator, denominator] = read(stated)
  if (numerator * EIGHT_PLACES === reckoned * denominator) return []
  return [`${what} is ${stated}, reckoned ${reckoned} hundred-millionths`]
}

/** Decimal text as a fraction; throws for what is none. */
function read(text: string): Fraction {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!parts) throw new Error(`not a decimal: ${text}`)
  const [, sign, whole, places = ''] = parts
  const numerator = BigInt(whole! + places)
  return [sign === '-' ? -numerator : numerator, 10n ** BigInt(places.length)]
}

function plus([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d + c * b, b * d]
}

function minus([numerator, denominator]: Fraction): Fraction {
  return [-numerator, denominator]
}

function times([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * c, b * d]
}

function isLess([a, b]: Fraction, [c, d]: Fraction): boolean {
  return a * d < c * b
}

function isSame([a, b]: Fraction, [c, d]: Fraction): boolean {
  return a * d === c * b
}

/** To eight places, as a whole number of hundred-millionths; never of less than nothing. */
function rounded([numerator, denominator]: Fraction, direction: Direction): bigint {
  const scaled = numerator * EIGHT_PLACES
  const floor = scaled / denominator
  return direction === 'up' && floor * denominator < scaled ? floor + 1n : floor
}

/** 32-bit FNV-1a, on whole numbers. */
function fnv(text: string): number {
  let hash = 2_166_136_261n
  for (const character of text) {
    hash = ((hash ^ BigInt(character.charCodeAt(0))) * 16_777_619n) % 2n ** 32n
  }
  return Number(hash)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decimal, decimal, formatDecimal, SCALE } from '../decimal.ts'
import { nextFeeKrw } from '../fill.ts'
import type { Side } from '../order.ts'
import { VenueCalendar } from './calendar.ts'
import { CHARGE_CASES } from './cases/charge-cases.ts'
import { outcomeOf, type SubjectName, SUBJECTS } from './cases/rule-case.ts'
import {
  CHARGE_TABLES,
  type Charge,
  type ChargeDates,
  chargesOf,
  chargesTotalKrw,
  type ChargeUnit,
  highestChargesKrw,
} from './charges.ts'
import { krxSettlementDate } from './krx/settlement.ts'

/** Percents of 10^16, and dollars times won of 10^16: the denominator both share. */
const UNIT = SCALE * SCALE * 100n
const NOTHING = { quantity: 0n, notionalKrw: 0n }
const TODAY: ChargeDates = { tradeDate: '2026-11-18', settlementDate: '2026-11-20' }
const NAMES = Object.keys(SUBJECTS) as SubjectName[]
const COMMISSION_PERCENT: Readonly<Record<SubjectName, Decimal>> = {
  ...{ KOSPI: decimal('0.0140527'), KOSDAQ: decimal('0.0140527'), KONEX: decimal('0.0140527') },
  ...{ KRX_ETF: decimal('0.0146527'), US: decimal('0.1'), US_ETF: decimal('0.1') },
  BTC: decimal('0.05'),
}
const subjectName = fc.constantFrom(...NAMES)
const side = fc.constantFrom<Side>('BUY', 'SELL')
const amount = fc.bigInt({ min: 1n, max: 10n ** 15n })
const rate = fc.bigInt({ min: SCALE, max: 3_000n * SCALE })
const slices = fc.array(fc.record({ quantity: amount, notionalKrw: amount }), {
  minLength: 1,
  maxLength: 12,
})
const dates = fc
  .constantFrom('2014-12-30', '2019-06-03', '2022-05-14', '2024-12-31', '2025-05-14', '2026-04-04')
  .map((day): ChargeDates => ({ tradeDate: day, settlementDate: day }))

type Slice = { quantity: Decimal; notionalKrw: Decimal }

/** What each fill of an order is charged. */
function chargeAll(
  name: SubjectName,
  ordered: Side,
  fills: readonly Slice[],
  { exchangeRate, on }: { exchangeRate: Decimal; on: ChargeDates },
): Charge[][] {
  let before = NOTHING
  return fills.map((slice) => {
    const fill = { ...slice, price: SCALE, appliedExchangeRate: exchangeRate }
    const charges = chargesOf(SUBJECTS[name], ordered, { before, fill }, on)
    before = {
      quantity: before.quantity + slice.quantity,
      notionalKrw: before.notionalKrw + slice.notionalKrw,
    }
    return charges
  })
}

function sumByRule(charges: readonly Charge[]): Record<string, Decimal> {
  const sums: Record<string, Decimal> = {}
  for (const { rule, amountKrw } of charges) sums[rule] = (sums[rule] ?? 0n) + amountKrw
  return sums
}

const total = (fills: readonly Slice[]): Slice => ({
  quantity: fills.reduce((sum, { quantity }) => sum + quantity, 0n),
  notionalKrw: fills.reduce((sum, { notionalKrw }) => sum + notionalKrw, 0n),
})

describe('a fill is charged', () => {
  it.each(CHARGE_CASES)('$name: $expected', (one) => {
    expect(outcomeOf(one, CHARGE_TABLES)).toBe(one.expected)
  })

  it('line by line, with the rule, what it is on, and how it was rounded', () => {
    const fill = {
      quantity: decimal('10'),
      price: decimal('200'),
      notionalKrw: decimal('2800000'),
      appliedExchangeRate: decimal('1400'),
    }
    const on = { before: { quantity: decimal('5'), notionalKrw: decimal('1400000') }, fill }
    const lines = chargesOf(SUBJECTS.US, 'SELL', on, TODAY)
    const rounding = 'up'
    const [percent, share]: ChargeUnit[] = ['percent_of_notional', 'per_share']
    const base = fill.notionalKrw
    expect(lines).toEqual([
      {
        ...{ kind: 'commission', rule: 'us-commission', unit: percent, cap: null, rounding, base },
        ...{ rate: decimal('0.1'), amountKrw: decimal('2800') },
      },
      {
        ...{ kind: 'sec_fee', rule: 'sec-fee-2026', unit: percent, cap: null, rounding, base },
        ...{ rate: decimal('0.00206'), amountKrw: decimal('57.68') },
      },
      {
        ...{ kind: 'taf', rule: 'taf-2026', unit: share, cap: decimal('9.79'), rounding },
        ...{ base: decimal('10'), rate: decimal('0.000195'), amountKrw: decimal('2.73') },
      },
    ])
    expect(formatDecimal(chargesTotalKrw(lines))).toBe('2860.41')
    expect(chargesTotalKrw([])).toBe(0n)
  })

  it.each([
    // shares before, shares now, won at 1,000 a dollar
    ['50000', '206', '40'],
    ['50205', '1', '0.025'],
    ['50206', '1', 'none'],
    ['50000', '1', '0.195'],
    ['90000', '90000', 'none'],
  ])('no more than the cap of its order: %s shares, then %s cost %s', (before, now, expected) => {
    const fill = { quantity: decimal(now), notionalKrw: SCALE, price: SCALE }
    const order = {
      before: { quantity: decimal(before), notionalKrw: SCALE },
      fill: { ...fill, appliedExchangeRate: decimal('1000') },
    }
    const taf = chargesOf(SUBJECTS.US, 'SELL', order, TODAY).find(({ kind }) => kind === 'taf')
    expect(taf ? formatDecimal(taf.amountKrw) : 'none').toBe(expected)
  })

  it.each([
    ['2019-05-29', 'krx-tax-1996'],
    ['2019-05-30', 'krx-tax-2019'],
    ['2024-12-26', 'krx-tax-2024'],
    ['2024-12-27', 'krx-tax-2025'],
    ['2025-12-26', 'krx-tax-2025'],
    ['2025-12-29', 'krx-tax-2026'],
  ])('the tax of the day its trade settles: sold on %s by %s', (tradeDate, rule) => {
    const settlementDate = krxSettlementDate(new VenueCalendar('KRX', []), tradeDate)
    const fill = { quantity: SCALE, notionalKrw: SCALE, price: SCALE, appliedExchangeRate: SCALE }
    const order = { before: NOTHING, fill }
    const charges = chargesOf(SUBJECTS.KOSPI, 'SELL', order, { tradeDate, settlementDate })
    expect(charges.find(({ kind }) => kind === 'transaction_tax')?.rule).toBe(rule)
  })
})

describe('the charges of an order', () => {
  it('are the same in one fill or in many, rule by rule, and never negative', () => {
    fc.assert(
      fc.property(subjectName, side, slices, rate, dates, (name, ordered, fills, own, on) => {
        const exchangeRate = SUBJECTS[name].venue === 'US' ? own : SCALE
        const sliced = chargeAll(name, ordered, fills, { exchangeRate, on }).flat()
        const atOnce = chargeAll(name, ordered, [total(fills)], { exchangeRate, on }).flat()
        for (const { amountKrw } of sliced) expect(amountKrw > 0n).toBe(true)
        expect(sumByRule(sliced)).toEqual(sumByRule(atOnce))
      }),
      { numRuns: 500 },
    )
  })

  it('are the exact value, or less than a hundred-millionth of a won above it', () => {
    fc.assert(
      fc.property(subjectName, side, slices, rate, dates, (name, ordered, fills, own, on) => {
        const exchangeRate = SUBJECTS[name].venue === 'US' ? own : SCALE
        const charges = chargeAll(name, ordered, fills, { exchangeRate, on }).flat()
        const { quantity, notionalKrw } = total(fills)
        const sums = sumByRule(charges)
        for (const { rule, unit, rate: charged, cap } of charges) {
          // Numerators over one denominator, so that nothing is rounded here.
          const percent = notionalKrw * charged * SCALE
          const uncapped = quantity * charged
          const dollars = cap !== null && cap * SCALE < uncapped ? cap * SCALE : uncapped
          const exact = unit === 'per_share' ? dollars * exchangeRate * 100n : percent
          const sum = sums[rule]! * UNIT
          expect(sum >= exact && sum < exact + UNIT).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('are for a buy its commission alone, as the fee of a fill has it', () => {
    fc.assert(
      fc.property(subjectName, slices, rate, (name, fills, exchangeRate) => {
        const charges = chargeAll(name, 'BUY', fills, { exchangeRate, on: TODAY })
        const percent = COMMISSION_PERCENT[name]
        const order = { notionalKrw: 0n, feeKrw: 0n }
        fills.forEach(({ notionalKrw }, index) => {
          const fee = nextFeeKrw(percent, order, notionalKrw)
          expect(chargesTotalKrw(charges[index]!)).toBe(fee)
          expect(charges[index]!.every(({ kind }) => kind === 'commission')).toBe(true)
          order.notionalKrw += notionalKrw
          order.feeKrw += fee
        })
      }),
    )
  })
})

describe('the highest charges', () => {
  it.each([
    ['KOSPI', 'BUY', '140.527'],
    ['KRX_ETF', 'BUY', '146.527'],
    ['US', 'BUY', '1000'],
    ['BTC', 'BUY', '500'],
    ['KOSPI', 'SELL', '2140.527'],
  ] as const)('of a million won of %s, %s, are %s', (name, ordered, expected) => {
    const order = { quantity: SCALE, appliedExchangeRate: SCALE, tradeDate: '2026-11-20' }
    const highest = highestChargesKrw(SUBJECTS[name], ordered, decimal('1000000'), order)
    expect(formatDecimal(highest)).toBe(expected)
  })

  it('are never less than what the order is charged, whenever its fills come', () => {
    const day = fc.constantFrom(
      '2018-01-02',
      '2019-06-03',
      '2022-12-30',
      '2025-05-14',
      '2027-01-04',
    )
    const fill = fc.record({ quantity: amount, notionalKrw: amount, on: day })
    fc.assert(
      fc.property(subjectName, side, fc.array(fill, { minLength: 1, maxLength: 8 }), (...args) => {
        const [name, ordered, unsorted] = args
        const fills = unsorted.toSorted((a, b) => a.on.localeCompare(b.on))
        let before: Slice = NOTHING
        let charged = 0n
        for (const { on, ...slice } of fills) {
          const order = { before, fill: { ...slice, price: SCALE, appliedExchangeRate: SCALE } }
          const at = { tradeDate: on, settlementDate: on }
          charged += chargesTotalKrw(chargesOf(SUBJECTS[name], ordered, order, at))
          before = total([before, slice])
        }
        const { quantity, notionalKrw } = before
        const terms = { quantity, appliedExchangeRate: SCALE, tradeDate: fills[0]!.on }
        const highest = highestChargesKrw(SUBJECTS[name], ordered, notionalKrw, terms)
        expect(highest >= charged).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

// What must come of orders of a dark hour whose events were kept: the same as if home had been there.
// Seconds count from 15:15 in Seoul, when home goes dark; it is back at 15:35. Coins at 100 and 101
// million, at 120 s down to 94, at 240 s up to 109. Samsung halted at 60 s; its day ends at 900 s, its
// auction uncrosses at 901 s at 69,800.

import type { LateCase } from './late-script.ts'

const SAMSUNG = 'KRX-STOCK-005930'
const krx = { tickerId: SAMSUNG, quantity: '10', timeInForce: 'DAY' } as const
const sell = { side: 'SELL' } as const
const BOUGHT = 'FILLED @101000000 60s'
const DIPPED = 'FILLED @95000000 120s'
const PEAKED = 'FILLED @109000000 240s'

/** A limit that the dip at 120 s reaches, of before the dark or of the dark itself. */
const dip = (at: number) => ({ at, order: 'dip', limit: '95000000' })

export const KEPT_CASES: LateCase[] = [
  { name: 'a market order', acts: [{ at: 50, order: 'a' }], ends: { a: BOUGHT } },
  {
    name: 'an event of the instant it was accepted at is not its event',
    acts: [{ at: 60, order: 'a' }],
    ends: { a: DIPPED },
  },
  { name: 'a limit', acts: [dip(50)], ends: { dip: DIPPED } },
  { name: 'a limit of before', acts: [dip(-5)], ends: { dip: DIPPED } },
  {
    name: 'a limit accepted after what would have filled it',
    acts: [dip(121)],
    ends: { dip: 'OPEN' },
  },
  ...[-5, 50].flatMap((at) => [
    {
      name: `a cancel before the event, of an order of ${at} s`,
      acts: [dip(at), { at: 119.999, cancel: 'dip' }],
      ends: { dip: 'CANCELLED cancelled_by_user DONE' },
    },
    {
      name: `a cancel of the event's instant, of an order of ${at} s: the event first`,
      acts: [dip(at), { at: 120, cancel: 'dip' }],
      ends: { dip: `${DIPPED} TOO_LATE` },
    },
    {
      name: `a cancel after the event, of an order of ${at} s`,
      acts: [dip(at), { at: 120.001, cancel: 'dip' }],
      ends: { dip: `${DIPPED} TOO_LATE` },
    },
    {
      name: `a replacement before the event, of an order of ${at} s`,
      acts: [dip(at), { at: 119, order: 'new', limit: '94500000', replaces: 'dip' }],
      ends: { dip: 'CANCELLED replaced', new: 'OPEN' },
    },
    {
      name: `a replacement of the event's instant, of an order of ${at} s: the event first`,
      acts: [dip(at), { at: 120, order: 'new', limit: '94500000', replaces: 'dip' }],
      ends: { dip: DIPPED, new: 'FAILED replace_too_late' },
    },
  ]),
  {
    name: 'a replacement into what the event fills',
    acts: [
      { at: -5, order: 'low', limit: '90000000' },
      { at: 119, order: 'new', limit: '96000000', replaces: 'low' },
    ],
    ends: { low: 'CANCELLED replaced', new: DIPPED },
  },
  {
    name: 'a sale of what an order of the dark has bought',
    acts: [
      { at: 10, order: 'a' },
      { at: 70, order: 'b', limit: '109000000', ...sell },
    ],
    ends: { a: BOUGHT, b: PEAKED },
  },
  {
    name: 'a sale before the buy has filled',
    acts: [
      { at: 10, order: 'a' },
      { at: 59, order: 'b', limit: '109000000', ...sell },
    ],
    ends: { a: BOUGHT, b: 'FAILED insufficient_quantity' },
  },
  {
    name: 'a second buy with the money of a sale in the dark',
    cash: '11000000',
    acts: [
      { at: 10, order: 'a' },
      { at: 70, order: 'early', limit: '94000000' },
      { at: 80, order: 'b', limit: '109000000', ...sell },
      { at: 250, order: 'later', limit: '94000000' },
    ],
    ends: { a: BOUGHT, early: 'FAILED insufficient_funds', b: PEAKED, later: 'OPEN' },
  },
  ...(
    [
      [119, 'EXPIRED expired'],
      [120, DIPPED],
      [121, DIPPED],
    ] as const
  ).map(([expireAt, end]) => ({
    name: `a time that is over at ${expireAt} s`,
    acts: [{ ...dip(50), expireAt }],
    ends: { dip: end },
  })),
  {
    name: 'a time that is over before a cancel',
    acts: [
      { ...dip(50), expireAt: 110 },
      { at: 115, cancel: 'dip' },
    ],
    ends: { dip: 'EXPIRED expired TOO_LATE' },
  },
  {
    name: 'a stop',
    acts: [
      { at: 10, order: 'a' },
      { at: 70, order: 'b', stop: '96000000', ...sell },
    ],
    ends: { a: BOUGHT, b: 'FILLED @100000000 180s' },
  },
  {
    name: 'a bracket that is entered and takes its profit',
    acts: [
      {
        ...dip(50),
        ...{ order: 'a', orderClass: 'BRACKET', profit: '109000000', loss: '90000000' },
      },
    ],
    ends: { a: DIPPED, TAKE_PROFIT: PEAKED, STOP_LOSS: 'CANCELLED oco_sibling' },
  },
  ...[-25, 50].map((at) => ({
    name: `a bracket of ${at} s whose stop is reached before its profit`,
    acts: [
      { at, order: 'a', orderClass: 'BRACKET' as const, profit: '109000000', loss: '96000000' },
    ],
    ends: {
      a: at < 0 ? 'FILLED @101000000 -20s' : BOUGHT,
      TAKE_PROFIT: 'CANCELLED oco_sibling',
      STOP_LOSS: 'FILLED @100000000 180s',
    },
  })),
  {
    name: 'a halt',
    acts: [{ ...krx, at: 50, order: 'a', limit: '69500' }],
    ends: { a: 'EXPIRED expired' },
  },
  {
    name: 'a market order in a halt',
    acts: [{ ...krx, at: 50, order: 'a', timeInForce: 'GTC' }],
    ends: { a: 'FILLED @70100 120s' },
  },
  {
    name: 'a day that ends with an auction at its limit',
    acts: [{ ...krx, at: 200, order: 'a', limit: '69800' }],
    ends: { a: 'FILLED @69800 901s' },
  },
  {
    name: 'a day that ends with an auction beyond its limit',
    acts: [{ ...krx, at: -5, order: 'a', limit: '69700' }],
    ends: { a: 'EXPIRED expired' },
  },
  {
    name: 'a cancel after the end of the day',
    acts: [
      { ...krx, at: 200, order: 'a', limit: '69700' },
      { at: 910, cancel: 'a' },
    ],
    ends: { a: 'EXPIRED expired TOO_LATE' },
  },
  {
    name: 'a day order after the end of the day',
    acts: [{ ...krx, at: 960, order: 'a', limit: '69900' }],
    ends: { a: 'FAILED market_closed' },
  },
  {
    name: 'an order for the next opening',
    acts: [{ ...krx, at: 960, order: 'a', limit: '70100', queueForOpen: true }],
    ends: { a: 'OPEN' },
  },
]

// Pure: no I/O, no clock, no randomness.
// US master data as Korea Investment & Securities publishes it: `nasmst.cod`, `nysmst.cod`,
// `amsmst.cod`. One line an instrument, in cp949, its columns divided by tabs. Source of the columns:
// koreainvestment/open-trading-api, stocks_info/overseas_stock_code.py.

import { type Decimal, parseDecimal } from '@motu/shared/decimal.ts'
import type { InstrumentKind } from '@motu/shared/instrument.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import { decodeCp949 } from './cp949.ts'
import { linesOf, type Master, MasterBuilder, UnreadableMaster } from './master.ts'

const COLUMNS_MIN = 13
const COLUMN = {
  country: 0,
  exchange: 2,
  symbol: 4,
  nameKo: 6,
  nameEn: 7,
  /** 1 index, 2 stock, 3 ETP, 4 warrant. */
  type: 8,
  currency: 9,
  basePrice: 12,
  /** Of an ETP: 001 ETF, 002 ETN, 003 ETC, 004 others, 005 and 006 on volatility. */
  etpClass: 22,
} as const
const EXCHANGES = ['NAS', 'NYS', 'AMS']
const NOT_ETF = new Set(['002', '006'])

/** Throws `UnreadableMaster` for a line that is not of this layout, or a file of several exchanges. */
export function parseUsMaster(bytes: Uint8Array): Master {
  const builder = new MasterBuilder()
  const exchanges = new Set<string>()
  linesOf(bytes).forEach((line, index) => {
    const columns = decodeCp949(line).split('\t')
    const column = (name: keyof typeof COLUMN): string => (columns[COLUMN[name]] ?? '').trim()
    if (columns.length < COLUMNS_MIN || !EXCHANGES.includes(column('exchange'))) {
      throw new UnreadableMaster(`line ${index + 1} is none of a US exchange`)
    }
    exchanges.add(column('exchange'))
    const kind = kindOf(column('type'), column('etpClass'))
    if (!kind) return builder.skip('index, warrant or ETN')
    if (column('currency') !== 'USD') return builder.skip('not in dollars')
    // KIS divides the class of a share by a slash; a ticker id by a dot.
    const tickerId = `US-${kind}-${column('symbol').replace('/', '.')}`
    const nameEn = column('nameEn')
    if (!parseTickerId(tickerId) || nameEn === '') return builder.skip('no symbol or name of ours')
    const referencePrice = priceOf(column('basePrice'))
    if (referencePrice === null) return builder.skip('no base price')
    builder.add({
      ...{ tickerId, venue: 'US', kind, board: null, status: 'LISTED' },
      ...{ nameKo: column('nameKo') || nameEn, nameEn, sector: null, currency: 'USD' },
      referencePrice,
    })
  })
  if (exchanges.size > 1) throw new UnreadableMaster('one file must be of one exchange')
  return builder.build(`us:${[...exchanges][0]?.toLowerCase() ?? 'empty'}`)
}

function kindOf(type: string, etpClass: string): InstrumentKind | null {
  if (type === '2') return 'STOCK'
  return type === '3' && !NOT_ETF.has(etpClass) ? 'ETF' : null
}

/** At most eight decimals count; null for none, and for zero. */
function priceOf(text: string): Decimal | null {
  const price = parseDecimal(text.replace(/^0+(?=\d)/, '').replace(/(\.\d{8})\d+$/, '$1'))
  return price !== null && price > 0n ? price : null
}

// Pure: no I/O, no clock, no randomness.
// KRX master data as Korea Investment & Securities publishes it: `kospi_code.mst`, `kosdaq_code.mst`.
//
// One line an instrument, in cp949: short code 9, standard code 12, Korean name up to the tail; the
// tail has fixed fields in ASCII and is counted from the end of the line. Source of the layouts:
// koreainvestment/open-trading-api, stocks_info/kis_kospi_code_mst.py and kis_kosdaq_code_mst.py.

import { parseDecimal } from '@motu/shared/decimal.ts'
import { findInstrument, type Instrument, type InstrumentKind } from '@motu/shared/instrument.ts'
import { parseTickerId } from '@motu/shared/ticker.ts'
import { krxSectorOf } from './krx-sectors.ts'
import { decodeCp949 } from './cp949.ts'
import { linesOf, type Master, MasterBuilder, UnreadableMaster } from './master.ts'

export type KrxBoard = 'KOSPI' | 'KOSDAQ'

const SHORT_CODE = 9
const HEAD = SHORT_CODE + 12

/** Where a field of the tail begins, and how long it is. */
type Field = readonly [start: number, length: number]
type Layout = {
  readonly tail: number
  readonly group: Field
  /** Industry index codes, the coarse one and the finer one. */
  readonly sectorLarge: Field
  readonly sectorMedium: Field
  readonly basePrice: Field
  readonly halted: Field
}

/** Both begin alike; 26 one-letter flags stand before KOSPI's base price, 21 before KOSDAQ's. */
const COMMON = {
  group: [0, 2],
  sectorLarge: [3, 4],
  sectorMedium: [7, 4],
} as const
const LAYOUTS: Readonly<Record<KrxBoard, Layout>> = {
  KOSPI: { ...COMMON, tail: 227, basePrice: [41, 9], halted: [60, 1] },
  KOSDAQ: { ...COMMON, tail: 221, basePrice: [36, 9], halted: [55, 1] },
}

/** Security groups we trade: shares of all kinds, and ETFs. ETN, ELW, rights and funds are left out. */
const KINDS: Readonly<Record<string, InstrumentKind>> = {
  ST: 'STOCK',
  RT: 'STOCK',
  IF: 'STOCK',
  SC: 'STOCK',
  DR: 'STOCK',
  FS: 'STOCK',
  EF: 'ETF',
  FE: 'ETF',
}

/** Throws `UnreadableMaster` for a line that is not of this layout: then none of it is believed. */
export function parseKrxMaster(bytes: Uint8Array, board: KrxBoard): Master {
  const layout = LAYOUTS[board]
  const builder = new MasterBuilder()
  linesOf(bytes).forEach((line, index) => {
    const where = `${board} line ${index + 1}`
    if (line.length <= HEAD + layout.tail) throw new UnreadableMaster(`${where} is too short`)
    const tail = decodeCp949(line.subarray(line.length - layout.tail))
    const field = ([start, length]: Field): string => tail.slice(start, start + length).trim()
    const halted = field(layout.halted)
    const isTail = tail.length === layout.tail && /^[A-Z]{2}$/.test(field(layout.group))
    if (!isTail || !/^[YN]$/.test(halted)) {
      throw new UnreadableMaster(`${where} does not end in the ${layout.tail} fields of the layout`)
    }
    const kind = KINDS[field(layout.group)]
    if (!kind) return builder.skip(`group ${field(layout.group)}`)
    const price = parseDecimal(field(layout.basePrice).replace(/^0+(?=\d)/, ''))
    if (price === null) throw new UnreadableMaster(`${where} has no base price`)
    if (price === 0n) return builder.skip('no base price')
    const instrument = { kind, board, isHalted: halted === 'Y', referencePrice: price }
    const sector = krxSectorOf([field(layout.sectorMedium), field(layout.sectorLarge)])
    addTo(builder, { ...instrument, sector, ...headOf(line, layout.tail) })
  })
  return builder.build(`krx:${board.toLowerCase()}`)
}

type Row = Pick<Instrument, 'kind' | 'board' | 'sector' | 'nameKo' | 'referencePrice'> & {
  code: string
  isHalted: boolean
}

function headOf(line: Uint8Array, tail: number): { code: string; nameKo: string } {
  return {
    code: decodeCp949(line.subarray(0, SHORT_CODE)).trim(),
    nameKo: decodeCp949(line.subarray(HEAD, line.length - tail)).trim(),
  }
}

function addTo(builder: MasterBuilder, row: Row): void {
  const { code, isHalted, nameKo, ...rest } = row
  const tickerId = `KRX-${row.kind}-${code}`
  if (!parseTickerId(tickerId) || nameKo === '') return builder.skip('no code or name of ours')
  builder.add({
    ...rest,
    tickerId,
    venue: 'KRX',
    status: isHalted ? 'HALTED' : 'LISTED',
    nameKo,
    // The files have none: what we know, or else the Korean name.
    nameEn: findInstrument(tickerId)?.nameEn || nameKo,
    currency: 'KRW',
  })
}

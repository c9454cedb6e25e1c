import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decimal, formatDecimal } from '@motu/shared/decimal.ts'
import { describe, expect, it } from 'vitest'
import { decodeCp949 } from './cp949.ts'
import type { Master } from './master.ts'
import { parseKrxMaster } from './krx-master.ts'
import { parseUpbitMarkets, parseUpbitPrices } from './upbit-markets.ts'
import { parseUsMaster } from './us-master.ts'
import { unzipped } from './zip.ts'

// Hand-made in the documented layouts: a few real names and codes, and what has to be left out.
const sample = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'samples', name))
const json = (name: string): unknown => JSON.parse(sample(name).toString('utf8'))
const rowsOf = ({ instruments }: Master): unknown[] =>
  instruments.map((one) => [
    ...[one.tickerId, one.nameKo, one.nameEn, one.board, one.status, one.sector],
    formatDecimal(one.referencePrice),
  ])

describe('the KRX master', () => {
  it('gives shares and ETFs of KOSPI with name, sector, base price and halt', () => {
    const master = parseKrxMaster(sample('kospi_code.mst'), 'KOSPI')
    expect(master.source).toBe('krx:kospi')
    expect(rowsOf(master)).toEqual([
      [
        'KRX-STOCK-005930',
        '삼성전자',
        'Samsung Electronics',
        'KOSPI',
        'LISTED',
        '전기·전자',
        '51000',
      ],
      ['KRX-STOCK-005935', '삼성전자우', '삼성전자우', 'KOSPI', 'LISTED', '전기·전자', '42150'],
      ['KRX-STOCK-000660', 'SK하이닉스', 'SK hynix', 'KOSPI', 'LISTED', '전기·전자', '560000'],
      ['KRX-STOCK-330590', '롯데리츠', '롯데리츠', 'KOSPI', 'LISTED', '부동산', '3450'],
      ['KRX-ETF-069500', 'KODEX 200', 'KODEX 200', 'KOSPI', 'LISTED', null, '54325'],
      ['KRX-STOCK-0004Y0', '뷁홀딩스', '뷁홀딩스', 'KOSPI', 'HALTED', '일반서비스', '4120'],
    ])
    expect([...master.skipped]).toEqual([
      ['group EN', 1],
      ['group EW', 1],
      ['no base price', 1],
    ])
  })

  it('reads KOSDAQ by its own layout, inside its zip too', () => {
    const master = parseKrxMaster(sample('kosdaq_code.mst'), 'KOSDAQ')
    expect(rowsOf(master)).toEqual([
      [
        'KRX-STOCK-247540',
        '에코프로비엠',
        '에코프로비엠',
        'KOSDAQ',
        'LISTED',
        '전기·전자',
        '152300',
      ],
      ['KRX-STOCK-035760', 'CJ ENM', 'CJ ENM', 'KOSDAQ', 'LISTED', '오락·문화', '61200'],
      [
        'KRX-STOCK-900140',
        '엘브이엠씨홀딩스',
        '엘브이엠씨홀딩스',
        'KOSDAQ',
        'LISTED',
        '유통',
        '1520',
      ],
      ['KRX-STOCK-123456', '멈춘회사', '멈춘회사', 'KOSDAQ', 'HALTED', null, '900'],
    ])
    const inside = unzipped(sample('kosdaq_code.mst.zip'))
    expect(parseKrxMaster(inside, 'KOSDAQ')).toEqual(master)
  })

  it.each([
    ['KOSDAQ', 'kospi_code.mst', 'KOSDAQ line 1 does not end'],
    ['KOSPI', 'kosdaq_code.mst', 'KOSPI line 1 does not end'],
    ['KOSPI', 'nasmst.cod', 'KOSPI line 1 is too short'],
  ] as const)('refuses as %s what is %s', (board, name, complaint) => {
    expect(() => parseKrxMaster(sample(name), board)).toThrow(complaint)
  })

  it('refuses a file that ends in the middle of a line', () => {
    const bytes = sample('kospi_code.mst')
    expect(() => parseKrxMaster(bytes.subarray(0, bytes.length - 100), 'KOSPI')).toThrow('line 9')
  })

  it('reads the whole of cp949, what Microsoft added to EUC-KR too', () => {
    const samples = json('cp949.json') as { text: string; bytes: string }[]
    for (const { text, bytes } of samples) {
      expect(decodeCp949(Buffer.from(bytes, 'hex'))).toBe(text)
    }
    // A line that was cut, and a byte that begins nothing.
    expect(decodeCp949(Uint8Array.of(0x41, 0xbb))).toBe('A\ufffd')
    expect(decodeCp949(Uint8Array.of(0x41, 0xff, 0x42))).toContain('\ufffd')
  })
})

describe('the US master', () => {
  it('gives stocks and ETFs with both names and the base price', () => {
    const master = parseUsMaster(sample('nasmst.cod'))
    expect(master.source).toBe('us:nas')
    expect(rowsOf(master)).toEqual([
      ['US-STOCK-AAPL', '애플', 'APPLE INC', null, 'LISTED', null, '128.45'],
      [
        ...['US-ETF-QQQ', '인베스코 QQQ', 'INVESCO QQQ TRUST SERIES 1'],
        ...[null, 'LISTED', null, '612.3'],
      ],
      ['US-STOCK-LONGP', '긴값', 'LONG PRICE INC', null, 'LISTED', null, '0.12345678'],
    ])
    expect([...master.skipped]).toEqual([
      ['index, warrant or ETN', 3],
      ['no base price', 1],
    ])
  })

  it('spells a class of shares with a dot, and leaves out what no ticker id can say', () => {
    const master = parseUsMaster(sample('nysmst.cod'))
    expect(master.instruments.map(({ tickerId }) => tickerId)).toEqual(['US-STOCK-BRK.B'])
    expect([...master.skipped]).toEqual([['no symbol or name of ours', 1]])
  })

  it('refuses another file, and two exchanges in one', () => {
    expect(() => parseUsMaster(sample('kospi_code.mst'))).toThrow('line 1')
    const both = Buffer.concat([sample('nasmst.cod'), sample('nysmst.cod')])
    expect(() => parseUsMaster(both)).toThrow('one exchange')
  })
})

describe("Upbit's markets", () => {
  const prices = parseUpbitPrices(json('ticker.json'))

  it('gives the coins of the won market that have a price', () => {
    const master = parseUpbitMarkets(json('market-all.json'), (id) => prices.get(id) ?? null)
    expect(rowsOf(master)).toEqual([
      ['CRYPTO-COIN-BTC', '비트코인', 'Bitcoin', null, 'LISTED', null, '9500000'],
      ['CRYPTO-COIN-SHIB', '시바이누', 'Shiba Inu', null, 'LISTED', null, '0.0125'],
    ])
    expect([...master.skipped]).toEqual([
      ['no price known', 1],
      ['not in won', 1],
    ])
  })

  it('reads the smallest prices, and refuses answers of another kind', () => {
    const tiny = parseUpbitPrices([{ market: 'KRW-A', trade_price: 1e-7 }])
    expect(tiny.get('CRYPTO-COIN-A')).toBe(decimal('0.0000001'))
    expect(() => parseUpbitPrices({ error: {} })).toThrow('/v1/ticker')
    expect(() => parseUpbitMarkets(json('ticker.json'), () => 1n)).toThrow('/v1/market/all')
  })
})

describe('a zip', () => {
  it.each([
    ['cut short', (zip: Buffer) => zip.subarray(0, zip.length - 30)],
    ['with other bytes inside', (zip: Buffer) => Buffer.from(zip).fill(0xff, 60, 120)],
  ])('%s is refused', (_, spoil) => {
    expect(() => unzipped(spoil(sample('kosdaq_code.mst.zip')))).toThrow('the zip is broken')
  })

  it('is asked of no other file', () => {
    expect(unzipped(sample('nasmst.cod'))).toEqual(sample('nasmst.cod'))
  })
})

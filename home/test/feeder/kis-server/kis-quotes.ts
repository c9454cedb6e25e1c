// What the simulated KIS answers to calls about prices: every value is text, as with the real one.

export type Stock = {
  price: string
  base: string
  volume: string
  /** `temp_stop_yn`. */
  halted: 'Y' | 'N'
  vi: 'Y' | 'N'
  /** Best first. */
  bids: readonly (readonly [price: string, size: string])[]
  asks: readonly (readonly [price: string, size: string])[]
  /** Where a US one is listed. */
  exchange?: string
}

export const SAMSUNG: Stock = {
  price: '53600',
  base: '54200',
  volume: '22044867',
  halted: 'N',
  vi: 'N',
  bids: Array.from({ length: 10 }, (_, i) => [String(53600 - i * 100), String(1000 + i)]),
  asks: Array.from({ length: 10 }, (_, i) => [String(53700 + i * 100), String(2000 + i)]),
}

export const APPLE: Stock = {
  ...{ price: '234.0900', base: '232.8700', volume: '44686020', halted: 'N', vi: 'N' },
  bids: [['234.0800', '300']],
  asks: [['234.1000', '200']],
  exchange: 'NAS',
}

export type Rows = Record<string, string>

/** inquire-price; 005930's figures of November 2024. */
export const priceRow = (stock: Stock): Rows => ({
  ...{ iscd_stat_cls_code: '55', temp_stop_yn: stock.halted, vi_cls_code: stock.vi },
  ...{ stck_prpr: stock.price, prdy_vrss: '-600', prdy_vrss_sign: '5', prdy_ctrt: '-1.11' },
  ...{ acml_vol: stock.volume, stck_sdpr: stock.base, stck_mxpr: '70400', stck_llam: '38000' },
})

export const bookRows = (stock: Stock, time: string): { output1: Rows; output2: Rows } => ({
  output1: {
    aspr_acpt_hour: time,
    ...numbered('bidp', 'bidp_rsqn', stock.bids),
    ...numbered('askp', 'askp_rsqn', stock.asks),
    new_mkop_cls_code: '20',
  },
  output2: {
    ...{ stck_prpr: stock.price, stck_sdpr: stock.base, vi_cls_code: stock.vi },
    antc_cnpr: '0',
  },
})

export const usPriceRow = (symbol: string, stock: Stock): Rows => ({
  ...{ rsym: `DNAS${symbol}`, zdiv: '4', base: stock.base, last: stock.price, sign: '2' },
  ...{ diff: '1.2200', rate: '+0.52', tvol: stock.volume, t_rate: '1402.10', t_xprc: '328219' },
})

export const usBookRows = (symbol: string, stock: Stock): { output1: Rows; output2: Rows } => ({
  output1: { ...usPriceRow(symbol, stock), dymd: '20261119', dhms: '150000' },
  output2: {
    ...{ pbid1: stock.bids[0]?.[0] ?? '', vbid1: stock.bids[0]?.[1] ?? '' },
    ...{ pask1: stock.asks[0]?.[0] ?? '', vask1: stock.asks[0]?.[1] ?? '' },
  },
})

function numbered(
  price: string,
  size: string,
  levels: readonly (readonly [price: string, size: string])[],
): Rows {
  const rows: Rows = {}
  for (let i = 0; i < 10; i += 1) {
    rows[`${price}${i + 1}`] = levels[i]?.[0] ?? '0'
    rows[`${size}${i + 1}`] = levels[i]?.[1] ?? '0'
  }
  return rows
}

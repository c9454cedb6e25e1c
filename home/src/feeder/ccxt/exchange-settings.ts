// Which exchanges are looked at beside the venue, as who runs Motu wrote it.
//
//   MOTU_EXCHANGES=binance,okx
//   MOTU_EXCHANGE_URLS={"binance":"http://127.0.0.1:9000"}      other addresses: a test's

import { REFERENCE_EXCHANGES, type ReferenceExchange } from '@motu/shared/market-data.ts'
import { z } from 'zod'

export type ExchangeSetting = {
  exchange: ReferenceExchange
  /** Where both REST and WebSocket are, without a path; null: the exchange's own addresses. */
  url: string | null
}

const urlsSchema = z.partialRecord(
  z.enum(REFERENCE_EXCHANGES),
  z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
)

/** Reads both variables; what is unknown or named twice is an error that says what is known. */
export function readExchangeSettings(names: string, urls: string): ExchangeSetting[] {
  const known = `use ${REFERENCE_EXCHANGES.join(', ')}`
  const listed = names.split(',').flatMap((name) => name.trim() || [])
  const parsed = urlsSchema.safeParse(jsonOf(urls))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`MOTU_EXCHANGE_URLS: ${issue!.path.join('.')}: ${issue!.message}; ${known}`)
  }
  if (new Set(listed).size < listed.length) {
    throw new Error('MOTU_EXCHANGES names an exchange twice')
  }
  return listed.map((name) => {
    const exchange = REFERENCE_EXCHANGES.find((one) => one === name)
    if (!exchange) throw new Error(`MOTU_EXCHANGES: unknown exchange ${name}: ${known}`)
    return { exchange, url: parsed.data[exchange] ?? null }
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('MOTU_EXCHANGE_URLS is not JSON')
  }
}

// Instruments by what people type, and their prices, for the bot.

import {
  findInstrument,
  type Instrument,
  instrumentsVersion,
  knownInstruments,
} from '@motu/shared/instrument.ts'
import {
  indexInstruments,
  type SearchIndex,
  searchInstruments,
} from '@motu/shared/instrument-search.ts'
import { type Quote, quoteSchema } from '@motu/shared/market-data.ts'
import { type Env, lastGoodOf } from '../env.ts'
import { callHome } from '../home-call.ts'
import { isDark } from './people.ts'

let index: { version: string; search: SearchIndex } | null = null

/** What answers to a text, the best first; once made, the index serves until the list changes. */
export function findByText(text: string, limit: number): Instrument[] {
  const version = instrumentsVersion()
  if (index?.version !== version) {
    index = { version, search: indexInstruments(knownInstruments()) }
  }
  return searchInstruments(index.search, text, { limit })
}

/** The one instrument a text means: its ticker id, or what answers to it best. */
export function theInstrument(text: string): Instrument | null {
  if (text === '') return null
  return findInstrument(text) ?? findByText(text, 1)[0] ?? null
}

/** The last quote, as home says, or as it said last. */
export async function quoteOf(
  env: Env,
  tickerId: string,
): Promise<{ quote: Quote; isStale: boolean } | null> {
  const path = `/api/v1/market/quotes/${tickerId}`
  const answer = (await isDark(env)) ? null : await callHome(env, { method: 'GET', path })
  if (answer?.ok) {
    const quote = quoteSchema.parse(await answer.json())
    const body = JSON.stringify(quote)
    await lastGoodOf(env).put({ user: '', path, body, type: 'application/json' })
    return { quote, isStale: false }
  }
  await answer?.body?.cancel()
  const kept = await lastGoodOf(env).find({ user: '', path })
  const last = kept && quoteSchema.safeParse(JSON.parse(kept.body)).data
  return last ? { quote: last, isStale: true } : null
}

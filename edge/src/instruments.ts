// What is listed, as an isolate knows it: from home every ten seconds (the Hub asks), from the disk
// before the first order and again every fifteen seconds (isolates without the Hub).

import { instrumentsVersion, registerInstruments } from '@motu/shared/instrument.ts'
import {
  type InstrumentList,
  instrumentListSchema,
  INSTRUMENTS_PATH,
  unpackInstrument,
} from '@motu/shared/instrument-list.ts'
import { type Env, lastGoodOf } from './env.ts'
import { callHome } from './home-call.ts'
import { log, reasonOf } from './log.ts'

export const KEPT_INSTRUMENTS_AGE_MAX_MS = 15_000
/** Twenty thousand instruments are 3 MB. */
const DEADLINE_MS = 10_000

let first: Promise<void> | null = null

/** What the disk keeps is known when this resolves; it costs nothing from then on. Never rejects. */
export function knowInstruments(env: Env): Promise<void> {
  first ??= recallInstruments(env)
  return first
}

/** Takes in what the disk keeps, if it is another version. Never rejects. */
export async function recallInstruments(env: Env): Promise<void> {
  try {
    const kept = await lastGoodOf(env).findInstruments(instrumentsVersion())
    // What crosses between objects forgets that a row is a tuple.
    if (kept) take(kept as InstrumentList)
  } catch (error) {
    log.warn('instruments not recalled', { reason: reasonOf(error) })
  }
}

/** Asks home, and keeps what is new. Never rejects. */
export async function refreshInstruments(env: Env): Promise<void> {
  try {
    await knowInstruments(env)
    const known = encodeURIComponent(instrumentsVersion())
    const path = `${INSTRUMENTS_PATH}?known=${known}`
    const answer = await callHome(env, { method: 'GET', path, deadlineMs: DEADLINE_MS })
    if (!answer?.ok) {
      await answer?.body?.cancel()
      if (answer) log.error('home tells no instruments', { status: answer.status })
      return
    }
    const list = instrumentListSchema.parse(await answer.json())
    if (list.instruments === null) return
    take(list)
    await lastGoodOf(env).keepInstruments(list.version, list.instruments)
  } catch (error) {
    log.warn('instruments not refreshed', { reason: reasonOf(error) })
  }
}

function take({ version, instruments }: InstrumentList): void {
  if (instruments === null) return
  registerInstruments(instruments.map(unpackInstrument), version)
  log.info('instruments taken in', { version, count: instruments.length })
}

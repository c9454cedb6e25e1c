// Guessed API keys, thousands a second, at an edge whose home counts how often it is asked about one.

import type { BenchOptions } from '../benchmark.ts'
import type { Cleanup } from '../cleanup.ts'
import { apiKey, HttpConnection } from '../load/http-connection.ts'
import { runLoad } from '../load/http-load.ts'
import { round } from '../load/latencies.ts'
import { StandInHome } from '../stand-in-home.ts'
import { startEdge } from '../workers.ts'

const SECONDS = 5
const OWNER = '0d9fba9e-6b5f-4c60-a1c8-5a7d3a2cf3d1'

/** How many guesses fail their checksum, and how many look-ups home had to do. */
export async function guessKeys(cleanup: Cleanup, { connections, seed }: BenchOptions) {
  const home = await StandInHome.start()
  cleanup.add(() => home.stop())
  const address = await startEdge(cleanup, { homeUrl: home.url, amqpUrl: null, queuePrefix: '' })
  const known = home.giveApiKey(OWNER)
  await showKey(address, known.text)
  const asked = home.keyQuestions
  if (asked !== 1) throw new Error(`home was asked ${asked} times about the one key it gave out`)
  const { statuses, seconds } = await runLoad({
    address,
    plan: { kind: 'key-guesses', keyIds: [known.keyId], seed },
    ...{ connections, seconds: SECONDS, rate: null, keepOrderIds: false },
  })
  const lookUps = home.keyQuestions - asked
  const guesses = statuses[401] ?? 0
  const others = Object.entries(statuses).filter(([status]) => status !== '401')
  if (others.length > 0) throw new Error(`guesses were answered ${JSON.stringify(others)}`)
  return {
    key_guesses: guesses,
    key_guesses_per_s: round(guesses / seconds),
    key_look_ups: lookUps,
    key_checksum_rejected_share: 1 - lookUps / guesses,
  }
}

/** A key home knows opens the door: it was asked, and its answer counts. */
async function showKey(address: { host: string; port: number }, text: string): Promise<void> {
  const connection = new HttpConnection(address)
  const path = '/api/v1/portfolio'
  const { status } = await connection.request({ method: 'GET', path, headers: apiKey(text) })
  connection.close()
  // The stand-in home has no portfolios.
  if (status !== 404) throw new Error(`a good key was answered ${status}`)
}

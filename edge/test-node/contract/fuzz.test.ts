// Ten thousand requests made from the document the edge serves, through the real edge to the real home:
// nothing breaks, every answer is one the document promises, and nobody is richer than he should be.
//
//   MOTU_FUZZ_SEED=7 MOTU_FUZZ_REQUESTS=50000 npx vitest run --project integration fuzz
//
// A failure names the seed and the path that repeat it (MOTU_FUZZ_SEED, MOTU_FUZZ_PATH).

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Status } from '@motu/shared/contract/status.ts'
import { until } from '../../../scripts/servers/ports.ts'
import { withReport } from './app-samples.ts'
import { Stage } from './cast.ts'
import { Actors } from './fuzz-actors.ts'
import { complaint, Promises } from './fuzz-checks.ts'
import { type Draft, requestTo } from './fuzz-requests.ts'
import { RealMotu } from './real-motu.ts'
import { ServedDocument } from './served-document.ts'

const wholeNumber = (name: string, otherwise: number): number =>
  Number.parseInt(process.env[name] ?? String(otherwise), 10)
const SEED = wholeNumber('MOTU_FUZZ_SEED', 20_261_121)
const REQUESTS = wholeNumber('MOTU_FUZZ_REQUESTS', 10_000)
const PATH = process.env.MOTU_FUZZ_PATH
/** Under way at once. */
const BATCH = 50
const TIMEOUT_MS = 600_000
const SHOWN_LENGTH_MAX = 1_500

/** An authenticator has to answer these; the matrix calls them well. */
const CEREMONIES = ['post /api/v1/auth/passkeys', 'post /api/v1/login/passkey']

let motu: RealMotu
let actors: Actors
let document: ServedDocument
const promises = new Promises()

beforeAll(async () => {
  motu = await RealMotu.start()
  await withReport(motu)
  actors = new Actors(new Stage(motu))
  document = new ServedDocument((await motu.edge.get('/api/v1/openapi.json')).text)
})
afterAll(() => motu?.stop())

async function ask(draft: Draft): Promise<void> {
  const request = actors.requestOf(draft)
  const userId = actors.userOf(draft.who)
  const answer = await motu.edge.send(request)
  const wrong = complaint({ document, homeAddress: motu.homeAddress }, request, answer)
  if (wrong) {
    const shown = `${JSON.stringify(request)}\n${answer.status} ${JSON.stringify(answer.headers)}`
    throw new Error(`${wrong}\n${shorter(shown)}\n${shorter(answer.text)}`)
  }
  promises.note(request, answer, userId)
  actors.learn(answer)
}

const shorter = (text: string): string =>
  text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text

describe('the contract', () => {
  it(
    `is kept in ${REQUESTS} requests (seed ${SEED})`,
    async () => {
      const batch = fc.array(requestTo(document), { minLength: BATCH, maxLength: BATCH })
      const property = fc.asyncProperty(batch, async (drafts) => {
        await actors.upkeep()
        await Promise.all(drafts.map(ask))
      })
      const options = { seed: SEED, numRuns: REQUESTS / BATCH, endOnFailure: true }
      const result = await fc.check(property, { ...options, ...(PATH ? { path: PATH } : {}) })
      const { failed, counterexamplePath, errorInstance } = result
      if (failed) {
        const again = `MOTU_FUZZ_SEED=${SEED} MOTU_FUZZ_PATH=${counterexamplePath}`
        throw new Error(`${again}: ${String(errorInstance)}`, { cause: errorInstance })
      }
    },
    TIMEOUT_MS,
  )

  it.skipIf(PATH)('was asked for everything it has', () => {
    expect(promises.unanswered().sort()).toEqual(CEREMONIES)
  })

  it('left the books in order, and nobody with what he was not given', async () => {
    const isDrained = async (): Promise<boolean> => {
      const { text } = await motu.edge.get('/api/v1/status')
      return (JSON.parse(text) as Status).held_orders === 0
    }
    await until('the last orders', isDrained, 20_000)
    expect(await promises.broken(motu.sql, actors.admins)).toEqual([])
  })
})

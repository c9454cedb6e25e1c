// The real edge in front of the real home, for one test file: workerd, a home process with all its
// roles, a database, an OpenID provider. Orders go to home by HTTP. Nothing of it is left afterwards.

import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Quote } from '@motu/shared/market-data.ts'
import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { signCall, SIGNATURE_HEADER } from '@motu/shared/internal.ts'
import { connect, type Sql } from '../../../home/src/db/connect.ts'
import { CLIENT_ID, CLIENT_SECRET, OidcServer } from '../../../home/test/api/oidc-server.ts'
import { freePort, until } from '../../../scripts/servers/ports.ts'
import { ServerProcess } from '../../../scripts/servers/server-process.ts'
import { createTestDatabase } from '../../../scripts/servers/test-database.ts'
import { serveEdge } from '../../serve.ts'
import { type Answer, HttpClient, type Request } from './http-client.ts'

const HOME = resolve(import.meta.dirname, '../../../home/src/main.ts')
const READY_LINE = '"msg":"home ready"'
const START_TIMEOUT_MS = 40_000
const SECRET = 'a secret of the contract tests'
/** What home asks of who signs in elsewhere is asked of this provider. */
export const PROVIDER = 'teahouse'

/** Counted like anyone's requests, but never refused: one machine asks what a city would. */
const AMPLE = { per_second: 1_000_000, burst: 1_000_000 }
const AMPLE_LIMITS = Object.fromEntries(
  ['user', 'anonymous', 'failure', 'signIn', 'register', 'passwords', 'keyQuestions'].map(
    (name) => [name, AMPLE],
  ),
)

export class RealMotu {
  /** Where browsers find it: an origin with a name, which passkeys need. */
  readonly origin: string
  readonly sql: Sql
  readonly edge: HttpClient
  /** Where home listens: nothing a client may learn. */
  readonly homeAddress: string
  readonly #home: HttpClient
  readonly #ends: (() => Promise<unknown>)[]

  private constructor(parts: {
    edgePort: number
    homePort: number
    sql: Sql
    ends: (() => Promise<unknown>)[]
  }) {
    this.origin = originOf(parts.edgePort)
    this.sql = parts.sql
    this.edge = new HttpClient(parts.edgePort)
    this.homeAddress = `127.0.0.1:${parts.homePort}`
    this.#home = new HttpClient(parts.homePort)
    this.#ends = parts.ends
  }

  /** Starts everything, and waits until every instrument has a price. */
  static async start(): Promise<RealMotu> {
    const ends: (() => Promise<unknown>)[] = []
    try {
      return await startWithin(ends, (parts) => new RealMotu(parts))
    } catch (error) {
      await endAll(ends)
      throw error
    }
  }

  /** Asks home directly, signed as the edge signs. */
  async home(request: Request): Promise<Answer> {
    const { method, path, body = '' } = request
    const at = { nowMs: Date.now(), nonce: randomUUID() }
    const isRead = method === 'GET' || method === 'HEAD'
    const signature = await signCall(SECRET, { method, path, body: isRead ? '' : body }, at)
    const headers = { ...request.headers, [SIGNATURE_HEADER]: signature }
    return this.#home.send({ ...request, headers })
  }

  async stop(): Promise<void> {
    this.edge.close()
    this.#home.close()
    await endAll(this.#ends)
  }
}

const originOf = (edgePort: number): string => `http://localhost:${edgePort}`

async function endAll(ends: (() => Promise<unknown>)[]): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end()
}

async function startWithin(
  ends: (() => Promise<unknown>)[],
  made: (parts: {
    edgePort: number
    homePort: number
    sql: Sql
    ends: (() => Promise<unknown>)[]
  }) => RealMotu,
): Promise<RealMotu> {
  const dir = await mkdtemp(join(tmpdir(), 'motu-contract-'))
  ends.push(() => rm(dir, { recursive: true, force: true }))
  const [edgePort, homePort] = [await freePort(), await freePort()]
  const database = await createTestDatabase(process.env.MOTU_POSTGRES_URL!, 'contract')
  ends.push(() => database.drop())
  const oidc = await OidcServer.start(originOf(edgePort), [PROVIDER])
  ends.push(() => oidc.stop())
  await startHome(ends, { dir, postgresUrl: database.url, homePort, edgePort, issuer: oidc.issuer })
  const edge = await serveEdge({
    outDir: join(dir, 'build'),
    objectsDir: join(dir, 'objects'),
    webDir: join(dir, 'web'),
    port: edgePort,
    homeUrl: `http://127.0.0.1:${homePort}`,
    queuePrefix: '',
    internalSecret: SECRET,
    amqpUrl: null,
    limits: JSON.stringify(AMPLE_LIMITS),
    logFile: join(dir, 'edge.log'),
  })
  ends.push(() => edge.stop())
  const sql = connect(database.url, { max: 4, name: 'motu-contract' })
  ends.push(() => sql.end({ timeout: 5 }))
  const motu = made({ edgePort, homePort, sql, ends })
  await until('the first prices', () => isQuoted(motu), START_TIMEOUT_MS)
  return motu
}

type HomeWiring = {
  dir: string
  postgresUrl: string
  homePort: number
  edgePort: number
  issuer: string
}

async function startHome(ends: (() => Promise<unknown>)[], wiring: HomeWiring): Promise<void> {
  const { dir, postgresUrl, homePort, edgePort, issuer } = wiring
  const logFile = join(dir, 'home.log')
  const provider = {
    ...{ id: PROVIDER, name: '찻집', issuer },
    ...{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET },
  }
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    MOTU_POSTGRES_URL: postgresUrl,
    // Without them the bus and the queue are in the process.
    MOTU_REDIS_URL: '',
    MOTU_AMQP_URL: '',
    MOTU_INTERNAL_SECRET: SECRET,
    MOTU_HOME_HOST: '127.0.0.1',
    MOTU_HOME_PORT: String(homePort),
    MOTU_SIGNING_KEY_FILE: join(dir, 'signing-key.json'),
    MOTU_CREDENTIAL_KEYS_FILE: join(dir, 'credential-keys.json'),
    MOTU_PUBLIC_ORIGIN: originOf(edgePort),
    MOTU_OIDC_PROVIDERS: JSON.stringify([provider]),
    MOTU_FEED: 'replay',
    MOTU_ALWAYS_OPEN: '1',
    MOTU_TICK_MS: '250',
    MOTU_LOG_LEVEL: 'info',
  }
  const home = new ServerProcess({
    ...{ name: 'home', program: process.execPath, args: [HOME], env, logFile },
  })
  ends.push(() => home.stop())
  const isReady = async (): Promise<boolean> =>
    (await readFile(logFile, 'utf8')).includes(READY_LINE)
  await home.ready(isReady, START_TIMEOUT_MS)
}

async function isQuoted(motu: RealMotu): Promise<boolean> {
  const { status, text } = await motu.edge.get('/api/v1/market/quotes')
  if (status !== 200) return false
  return (JSON.parse(text) as { quotes: Quote[] }).quotes.length >= INSTRUMENTS.length
}

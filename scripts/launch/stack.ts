// Everything `npm start` runs, in the order in which it starts: database, home, edge. It stops in
// the opposite order. Home can be taken away and given back meanwhile.

import { isPortFree, until } from '../servers/ports.ts'
import { type Backing, embeddedBacking, findServices } from './backing.ts'
import { type Command, type ControlAnswer } from './control.ts'
import { embeddedPostgres, ensureDatabase } from './database.ts'
import { edgeProcess } from './edge.ts'
import { homeProcess } from './home.ts'
import { type KeptProcess } from './kept-process.ts'
import { rotateLog } from './log-files.ts'
import { endLeftovers } from './pid-notes.ts'
import { type Places } from './places.ts'
import { keepSecrets, type Secrets } from './secrets.ts'
import { keepSignIns } from './sign-ins.ts'
import { buildWeb, isWebBuilt } from './web-build.ts'

export type StackOptions = {
  places: Places
  port: number
  /** PostgreSQL, Redis and RabbitMQ that run already, instead of what comes with us. */
  useServices: boolean
  /** One line of progress. */
  say: (line: string) => void
}

export class PortTaken extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is taken by another program.\n` +
        `Choose another one: MOTU_PORT=${port + 1} npm start`,
    )
  }
}

const HOME_SEEN_TIMEOUT_MS = 10_000

export class Stack {
  readonly url: string
  readonly #options: StackOptions
  /** What runs, in the order it was started. */
  readonly #started: KeptProcess[] = []
  #home: KeptProcess | null = null
  #isStopping = false
  /** Commands run one after another. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: StackOptions) {
    this.#options = options
    this.url = `http://127.0.0.1:${options.port}`
  }

  /** Starts everything and resolves when a browser may come. Returns the sign-ins' secrets. */
  async start(): Promise<Secrets> {
    const { places, port, say } = this.#options
    for (const name of await endLeftovers(places.pidsDir)) {
      say(`ended ${name}, left over from a start that was killed`)
    }
    if (!(await isPortFree(port))) throw new PortTaken(port)
    const secrets = keepSecrets(places.secretsFile)
    const { internalSecret } = secrets
    const web = this.#buildWeb()
    // It is awaited below; should home fail first, its own failure is no second one.
    web.catch(() => {})
    const backing = await this.#timed('database', () => this.#startBacking(secrets))
    const home = await homeProcess({ places, backing, internalSecret, edgeUrl: this.url, say })
    const signIns = keepSignIns(backing.postgresUrl, secrets)
    await this.#timed('home', () => Promise.all([this.#turnOn(home.kept), signIns]))
    this.#home = home.kept
    await web
    const edge = await edgeProcess({ ...this.#options, backing, homeUrl: home.url, internalSecret })
    await this.#timed('edge', () => this.#turnOn(edge))
    await until('the edge meeting home', () => this.#edgeSeesHome(), HOME_SEEN_TIMEOUT_MS)
    return secrets
  }

  /** Stops everything, in the opposite order. Whatever is just starting is stopped as well. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const kept of this.#started.toReversed()) await kept.turnOff()
  }

  /** Takes a command from the control socket. */
  async command(command: Command): Promise<ControlAnswer> {
    const done = this.#last.then(() => this.#obey(command))
    this.#last = done.catch(() => {})
    const problem = await done.then(
      () => null,
      (error: unknown) => (error as Error).message,
    )
    const home = this.#home?.isOn ? 'in' : 'out'
    return {
      pid: process.pid,
      url: this.url,
      home: this.#isStopping ? 'stopping' : home,
      problem,
    }
  }

  async #obey(command: Command): Promise<void> {
    if (command === 'status') return
    if (!this.#home || this.#isStopping) throw new Error('home is not ready to be plugged')
    const { say } = this.#options
    if (command === 'out') {
      await this.#home.turnOff()
      say('home is out: orders are kept at the edge until `npm run plug -- in`')
    } else {
      await this.#home.turnOn()
      say('home is in again')
    }
  }

  async #startBacking(secrets: Secrets): Promise<Backing> {
    const { places, useServices, say } = this.#options
    if (useServices) {
      const backing = await findServices()
      await ensureDatabase(backing.postgresUrl)
      return backing
    }
    const password = secrets.postgresPassword
    const { kept, url } = await embeddedPostgres({ places, password, say })
    await this.#turnOn(kept)
    await ensureDatabase(url)
    return embeddedBacking(url)
  }

  async #buildWeb(): Promise<void> {
    const { places, say } = this.#options
    if (isWebBuilt()) return
    say('web       building (only now, and when its sources change) …')
    await this.#timed('web', () => buildWeb(rotateLog(places.logsDir, 'web-build')))
  }

  async #turnOn(kept: KeptProcess): Promise<void> {
    if (this.#isStopping) throw new Error('stopped while starting')
    this.#started.push(kept)
    await kept.turnOn()
  }

  /** One line when a part is ready, with the time it took. */
  async #timed<T>(part: string, start: () => Promise<T>): Promise<T> {
    const since = Date.now()
    const result = await start()
    this.#options.say(`${part.padEnd(9)} ready (${((Date.now() - since) / 1000).toFixed(1)} s)`)
    return result
  }

  async #edgeSeesHome(): Promise<boolean> {
    const answer = await fetch(`${this.url}/api/v1/status`)
    return ((await answer.json()) as { home?: string }).home === 'up'
  }
}

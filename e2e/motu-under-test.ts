// A whole Motu, started as a user starts it, in a folder and on ports of its own.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, until } from '../scripts/servers/ports.ts'

const ROOT = join(import.meta.dirname, '..')
const READY_TIMEOUT_MS = 60_000
const run = promisify(execFile)

type Options = {
  dir?: string
  port?: number
  env?: Readonly<Record<string, string>>
  /** How long it may take, with a build of the app if need be. */
  readyMs?: number
}

export type SignIn = { name: string; password: string }

export class MotuUnderTest {
  readonly dir: string
  readonly url: string
  readonly process: ChildProcess
  readonly #env: NodeJS.ProcessEnv
  #output = ''

  private constructor(dir: string, port: number, env: Readonly<Record<string, string>>) {
    this.dir = dir
    this.url = `http://127.0.0.1:${port}`
    // A browser does in seconds what takes its user an evening, all from one address.
    const limits = { MOTU_LIMITS: 'off' }
    this.#env = { ...process.env, ...limits, ...env, MOTU_DIR: dir, MOTU_PORT: String(port) }
    // The database and the queue of the other tests are none of ours.
    for (const name of ['MOTU_POSTGRES_URL', 'MOTU_REDIS_URL', 'MOTU_AMQP_URL']) {
      delete this.#env[name]
    }
    this.process = spawn('node', ['scripts/start.js'], {
      cwd: ROOT,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // As at a terminal: a process group of its own.
      detached: true,
    })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
    }
  }

  /** Begins a start in a new folder, or again in one that was used; does not wait. */
  static async launch(options: Options = {}): Promise<MotuUnderTest> {
    const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'motu-e2e-'))
    return new MotuUnderTest(dir, options.port ?? (await freePort()), options.env ?? {})
  }

  /** Starts and waits until it says that it is ready. */
  static async start(options: Options = {}): Promise<MotuUnderTest> {
    const motu = await MotuUnderTest.launch(options)
    await motu.ready(options.readyMs)
    return motu
  }

  /** Everything it has printed. */
  get output(): string {
    return this.#output
  }

  async ready(withinMs = READY_TIMEOUT_MS): Promise<void> {
    const isReady = (): boolean => {
      if (this.process.exitCode !== null) throw new Error(`it ended:\n${this.#output}`)
      return this.#output.includes('Motu is ready')
    }
    await until(`the start:\n${this.#output}`, isReady, withinMs)
  }

  /** The sign-in it printed. */
  signIn(kind: 'demo' | 'admin'): SignIn {
    const [, name, password] =
      new RegExp(`^${kind} sign-in: (\\S+) / (\\S+)$`, 'm').exec(this.#output) ?? []
    if (!name || !password) throw new Error(`no ${kind} sign-in in:\n${this.#output}`)
    return { name, password }
  }

  /** `npm run plug -- COMMAND`; what it printed. */
  plug(command: 'out' | 'in' | 'status'): Promise<string> {
    return this.run('scripts/plug.ts', command)
  }

  /** A command beside it, as `npm run` starts it; what it printed. */
  async run(script: string, ...given: string[]): Promise<string> {
    const options = { cwd: ROOT, env: this.#env }
    const { stdout } = await run('node', ['scripts/run.js', script, ...given], options)
    return stdout.trim()
  }

  /** The processes it noted: PostgreSQL, home and the edge. */
  childPids(): number[] {
    const notes = join(this.dir, 'pids')
    return readdirSync(notes).map(
      (name) => (JSON.parse(readFileSync(join(notes, name), 'utf8')) as { pid: number }).pid,
    )
  }

  /** Sends a signal to its whole process group, as Ctrl-C does; resolves with its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { process: child } = this
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    process.kill(-child.pid!, signal)
    await exited
    return child.exitCode
  }

  /** Stops it and removes its folder. */
  async remove(): Promise<void> {
    await this.end('SIGINT')
    if (existsSync(this.dir)) rmSync(this.dir, { recursive: true })
  }
}

/** Whether a process has ended and only waits for its parent to hear of it (Linux: state Z). */
function isCollectable(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    // No such process, or no such file system: the signal tells.
    return false
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    // One that has ended and was not yet collected by its parent is not alive.
    if (isCollectable(pid)) return false
    return process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

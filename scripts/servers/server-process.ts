// One server program that we started: its log, its end, and the promise that it does not outlive us.
// It gets a process group of its own, so that a Ctrl-C at the terminal reaches only the program that
// knows in which order things stop.

import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export type ServerCommand = {
  /** In messages: `PostgreSQL`. */
  name: string
  program: string
  args: readonly string[]
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Standard output and error are appended here. */
  logFile: string
  /** The account to run as; only root may choose. */
  user?: { uid: number; gid: number } | undefined
  /** The program's polite signal; SIGTERM unless said otherwise. */
  stopSignal?: NodeJS.Signals
}

/** After the polite signal; then it is killed. */
const STOP_TIMEOUT_MS = 15_000
const LOG_TAIL_LINES = 20

/** Ended with this process, whatever ends it (short of SIGKILL). */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => signalGroup(child, 'SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Without a handler a signal would end us with no 'exit'. Who has one of his own ends in order.
    if (process.listenerCount(signal) === 1) process.exit(1)
  })
}

export class ServerProcess {
  readonly command: ServerCommand
  readonly child: ChildProcess
  /** Resolves with a sentence when the program has ended. */
  readonly ended: Promise<string>
  #endedHow: string | null = null

  constructor(command: ServerCommand) {
    this.command = command
    const log = openSync(command.logFile, 'a')
    this.child = spawn(command.program, command.args, {
      env: command.env ?? process.env,
      cwd: command.cwd,
      stdio: ['ignore', log, log],
      detached: true,
      ...command.user,
    })
    closeSync(log)
    running.add(this.child)
    this.ended = new Promise((resolve) => {
      const end = (how: string): void => {
        running.delete(this.child)
        this.#endedHow = how
        resolve(how)
      }
      this.child.once('error', (error) => end(`could not be started: ${error.message}`))
      this.child.once('exit', (code, signal) => end(`ended (${signal ?? `exit code ${code}`})`))
    })
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.command.name} was never started`)
    return this.child.pid
  }

  get isRunning(): boolean {
    return this.#endedHow === null
  }

  /** Resolves when `isReady` says so; if the program ends before, fails with its last words. */
  async ready(isReady: () => Promise<boolean> | boolean, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!(await isReady())) {
      const late = Date.now() > deadline ? `is not ready after ${timeoutMs / 1000} s` : null
      const problem = this.#endedHow ?? late
      if (problem !== null) {
        await this.stop()
        throw new Error(`${this.command.name} ${problem}.\n${lastLines(this.command.logFile)}`)
      }
      await sleep(50)
    }
  }

  /** Sends a signal to the program and all it started. */
  kill(signal: NodeJS.Signals): void {
    if (this.isRunning) signalGroup(this.child, signal)
  }

  /** Stops it politely, in the end by force. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.isRunning) return
    const patience = new AbortController()
    const force = sleep(STOP_TIMEOUT_MS, undefined, { signal: patience.signal }).then(
      () => this.kill('SIGKILL'),
      () => {},
    )
    // A paused program hears nothing until it is woken.
    this.kill('SIGCONT')
    if (this.child.pid !== undefined) this.child.kill(this.command.stopSignal ?? 'SIGTERM')
    await this.ended
    patience.abort()
    await force
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // It ended between the question and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The end of a log, with its path, for a message about what went wrong. */
export function lastLines(file: string, count = LOG_TAIL_LINES): string {
  const text = readFileSync(file, 'utf8').trimEnd()
  return `The last lines of ${file}:\n${text.split('\n').slice(-count).join('\n')}`
}

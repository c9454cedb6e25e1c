// Runs the edge on `workerd serve`: builds it, starts it, waits until it answers.

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildEdge, buildHello, type EdgeBuildOptions } from './build.ts'
import { workerdPath } from './workerd-path.ts'

const START_DEADLINE_MS = 15_000
const STOP_DEADLINE_MS = 3_000
const POLL_INTERVAL_MS = 25

export type ServeEdgeOptions = EdgeBuildOptions & {
  internalSecret: string
  /** RabbitMQ; null sends orders to home by HTTP. */
  amqpUrl: string | null
  /** `off`, or JSON that changes some limits (edge/src/rate-limit.ts); the usual ones without it. */
  limits?: string
  /** Discord as a test plays it: the application's key, and where its API is. */
  discord?: { publicKey: string; url: string }
  /** Where the edge tells that home is down, and after how many seconds. */
  homeAlert?: { url: string; afterSeconds: number }
  /** Appends workerd's output to a file; `inherit` shows it. */
  logFile?: string | 'inherit'
}

export type Served = {
  pid: number
  url: string
  /** Settles when the process is gone, whoever ended it. */
  exited: Promise<void>
  /** Asks it to end, then ends it. */
  stop: () => Promise<void>
}

/** Builds and starts the edge; settles once `/api/v1/status` answers. */
export async function serveEdge(options: ServeEdgeOptions): Promise<Served> {
  const { configFile } = await buildEdge(options)
  const { host = '127.0.0.1', port = 8787, logFile = 'inherit' } = options
  const environment = {
    MOTU_AMQP_URL: options.amqpUrl ?? '',
    MOTU_INTERNAL_SECRET: options.internalSecret,
    MOTU_LIMITS: options.limits ?? '',
    ...(options.homeAlert && {
      MOTU_EDGE_ALERT_WEBHOOK_URL: options.homeAlert.url,
      MOTU_EDGE_ALERT_AFTER_SECONDS: `${options.homeAlert.afterSeconds}`,
    }),
    ...(options.discord && {
      DISCORD_PUBLIC_KEY: options.discord.publicKey,
      MOTU_DISCORD_URL: options.discord.url,
    }),
  }
  const child = run(configFile, environment, logFile)
  return whenAnswering(child, `http://${host}:${port}`, '/api/v1/status')
}

/** Builds and starts the bare worker of the benchmarks. */
export async function serveHello(options: { outDir: string; port: number }): Promise<Served> {
  const { configFile } = await buildHello(options)
  const child = run(configFile, {}, 'inherit')
  return whenAnswering(child, `http://127.0.0.1:${options.port}`, '/')
}

function run(
  configFile: string,
  environment: Record<string, string>,
  logFile: string,
): ChildProcess {
  const output = logFile === 'inherit' ? 'inherit' : openSync(logFile, 'a')
  const child = spawn(workerdPath, ['serve', configFile], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...environment },
  })
  if (typeof output === 'number') closeSync(output)
  return child
}

async function whenAnswering(child: ChildProcess, url: string, path: string): Promise<Served> {
  const exited = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
  const served = { pid: child.pid ?? 0, url, exited, stop: () => stop(child, exited) }
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`workerd ended with ${child.exitCode ?? child.signalCode} at ${url}`)
    }
    if (await answers(url + path)) return served
    await sleep(POLL_INTERVAL_MS)
  }
  await served.stop()
  throw new Error(`the edge did not answer at ${url} within ${START_DEADLINE_MS} ms`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    // Not listening yet.
    return false
  }
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
  await exited
  clearTimeout(timer)
}

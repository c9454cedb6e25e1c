// The generator's process: takes one job from its parent, answers one report.

import { HttpConnection } from './http-connection.ts'
import type { LoadJob, LoadReport } from './http-load.ts'
import { Latencies, round } from './latencies.ts'
import { requestMaker } from './requests.ts'

/** How long a connection waits before it tries again after it got no answer. */
const RETRY_PAUSE_MS = 50

class Run {
  readonly #job: LoadJob
  readonly #latencies = new Latencies()
  readonly #statuses: Record<number, number> = {}
  readonly #orderIds: string[] = []
  #succeeded = 0
  #firstFailure: string | null = null

  constructor(job: LoadJob) {
    this.#job = job
  }

  async report(): Promise<LoadReport> {
    const { connections, seconds } = this.#job
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    const endsAt = startedAt + seconds * 1_000
    const lanes = Array.from({ length: connections }, (_, lane) =>
      this.#drive(lane, startedAt, endsAt),
    )
    await Promise.all(lanes)
    const elapsed = (performance.now() - startedAt) / 1_000
    const cpu = process.cpuUsage(cpuBefore)
    return {
      statuses: this.#statuses,
      perSecond: round(this.#succeeded / elapsed),
      seconds: round(elapsed),
      latency: this.#latencies.summary(),
      cpuSeconds: round((cpu.user + cpu.system) / 1e6),
      orderIds: this.#orderIds,
      firstFailure: this.#firstFailure,
    }
  }

  async #drive(lane: number, startedAt: number, endsAt: number): Promise<void> {
    const { address, plan, connections, rate } = this.#job
    const requestOf = requestMaker(plan, address, { lane, lanes: connections })
    const connection = new HttpConnection(address)
    for (let index = 0; ; index += 1) {
      // Paced: request number n of this lane is due at its place in the whole, and its latency
      // counts from there, so that a slow answer does not hide the wait of those behind it.
      const dueAt =
        rate === null
          ? performance.now()
          : startedAt + ((index * connections + lane) * 1_000) / rate
      if (dueAt >= endsAt) break
      await sleepUntil(dueAt)
      await this.#send(connection, requestOf(index), dueAt)
    }
    connection.close()
  }

  async #send(connection: HttpConnection, text: string, dueAt: number): Promise<void> {
    try {
      const answer = await connection.send(text)
      this.#latencies.add(performance.now() - dueAt)
      this.#count(answer.status)
      if (answer.status >= 400) this.#firstFailure ??= `${answer.status} ${answer.body}`
      else this.#succeed(answer.body)
    } catch (error) {
      this.#count(0)
      this.#firstFailure ??= String(error)
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS))
    }
  }

  #succeed(body: string): void {
    this.#succeeded += 1
    if (!this.#job.keepOrderIds) return
    this.#orderIds.push((JSON.parse(body) as { order_id: string }).order_id)
  }

  #count(status: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
  }
}

async function sleepUntil(dueAt: number): Promise<void> {
  const pause = dueAt - performance.now()
  if (pause > 1) await new Promise((resolve) => setTimeout(resolve, pause))
}

process.once('message', (job: LoadJob) => {
  void new Run(job).report().then((report) => process.send!(report))
})

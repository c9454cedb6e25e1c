// `fanout`: the Hub to many browser sockets. A stand-in home sends 50 events a second; every socket
// is subscribed to all quotes, and the Hub sends each at most ten frames a second.

import { until } from '../scripts/servers/ports.ts'
import type { Benchmark } from './benchmark.ts'
import { median, round } from './load/latencies.ts'
import { type CrowdReport, gatherCrowd } from './load/socket-crowd.ts'
import { marketEvents } from './settle/orders.ts'
import { StandInHome } from './stand-in-home.ts'
import { startEdge } from './workers.ts'

const EVENTS_PER_SECOND = 50
const HUB_TIMEOUT_MS = 15_000

export const fanout: Benchmark = {
  name: 'fanout',
  summary: 'quotes from the Hub to many browser sockets',
  defaults: { seconds: 10 },
  async run({ sockets, seconds, rounds }, { cleanup, progress }) {
    const home = await StandInHome.start()
    cleanup.add(() => home.stop())
    const edge = await startEdge(cleanup, { homeUrl: home.url, amqpUrl: null, queuePrefix: '' })
    progress(`opening ${sockets} sockets`)
    const crowd = await gatherCrowd({ address: edge, sockets, seconds })
    cleanup.add(() => crowd.leave())
    await until('the Hub to connect', () => home.hubs > 0, HUB_TIMEOUT_MS)
    const feed = startFeed(home)
    cleanup.add(() => clearInterval(feed))
    const reports: CrowdReport[] = []
    for (let index = 1; index <= rounds; index += 1) {
      const report = await crowd.listen()
      reports.push(report)
      progress(`round ${index}: ${report.frames} frames, p99 ${report.latency.p99_ms} ms`)
    }
    const middle = (value: (report: CrowdReport) => number) => round(median(reports.map(value)))
    return {
      sockets,
      deliveries_per_s: middle(({ quotes, seconds: elapsed }) => quotes / elapsed),
      frames_per_s: middle(({ frames, seconds: elapsed }) => frames / elapsed),
      events_per_s: EVENTS_PER_SECOND,
      p50_ms: middle(({ latency }) => latency.p50_ms),
      p99_ms: middle(({ latency }) => latency.p99_ms),
      worst_p99_ms: Math.max(...reports.map(({ latency }) => latency.p99_ms)),
      crowd_cpu_share: middle(({ cpuSeconds, seconds: elapsed }) => cpuSeconds / elapsed),
    }
  },
}

/** One event after the other, in turn over all tickers. */
function startFeed(home: StandInHome): NodeJS.Timeout {
  let sent = 0
  return setInterval(() => {
    const events = marketEvents(sent, new Date().toISOString())
    home.send({ t: 'market', events: [events[sent % events.length]!] })
    sent += 1
  }, 1_000 / EVENTS_PER_SECOND)
}

// Home: one program, roles chosen by flag.
//
//   node home/src/main.ts --roles api,engine,feeder,notifier,bot
//
// Without Redis and RabbitMQ in the environment the bus and the queue live in this process, and one
// process has all roles. This file owns the clock; everything below is given it.

import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { findInstrument, quotedInstruments, type Venue } from '@motu/shared/instrument.ts'
import { USD_KRW } from '@motu/shared/ticker.ts'
import { startActions } from './actions/actions.ts'
import { startAlerts } from './alerts/watcher.ts'
import { startApi } from './api/api.ts'
import { startNetWorth } from './api/net-worth-job.ts'
import { startBot } from './bot/bot.ts'
import type { Bus, DenyList, TemplateTexts } from './bus/bus.ts'
import { memoryBus } from './bus/memory.ts'
import { redisBus } from './bus/redis.ts'
import { Calendars } from './calendars.ts'
import { type Config, readConfig, secretsOf } from './config.ts'
import { connect } from './db/connect.ts'
import { followInstruments } from './db/instruments.ts'
import { migrate } from './db/migrate.ts'
import { Engine } from './engine/engine.ts'
import { PROFILES } from './engine/fill-profile.ts'
import { startFeeder } from './feeder/feeder.ts'
import { createLog, type Log } from './log.ts'
import { startNotifier } from './notifier/notifier.ts'
import { writeNotifications } from './notifier/write-notifications.ts'
import { openPushKey } from './push-keys.ts'
import { AmqpQueue } from './queue/amqp.ts'
import { HttpQueue } from './queue/http.ts'
import { makeReport } from './reporter/make-report.ts'
import { pictureOfEvent } from './reporter/paint.ts'
import { startReporter } from './reporter/reporter.ts'

const USAGE = `Usage: node home/src/main.ts [--roles api,engine,feeder,notifier,bot]

Roles   api      the HTTP and stream API (MOTU_HOME_HOST:MOTU_HOME_PORT)
        engine   takes orders, settles them
        feeder   market data
        notifier messages to Discord and Telegram
        bot      what is said to the bot where the edge does not hear it

Needs MOTU_POSTGRES_URL and MOTU_INTERNAL_SECRET. MOTU_REDIS_URL and MOTU_AMQP_URL are needed as
soon as the roles are spread over several processes. Each of these may be in a file, named by the
variable with _FILE behind its name.`

const now = (): number => Date.now()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { roles: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const config = readConfig(process.env, values.roles?.split(',') ?? [])
  const { logLevel, processId } = config
  const log = createLog(logLevel, processId, { secrets: secretsOf(config) })
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug: home stops')
    process.exit(1)
  })
  const stop = await start(config, log)
  log.info({ roles: [...config.roles], port: config.apiPort }, 'home ready')
  await untilSignal()
  log.info('home stops')
  await stop()
}

/** Starts the roles, what others build on first; answers how to stop them, in reverse. */
async function start(config: Config, log: Log): Promise<() => Promise<void>> {
  await migrate(config.postgresUrl)
  const ends: (() => Promise<void>)[] = []
  const bus: Bus & DenyList & TemplateTexts = config.redisUrl
    ? redisBus({ url: config.redisUrl, prefix: config.redisPrefix, log })
    : memoryBus({ now })
  ends.push(() => bus.close())
  const listing = connect(config.postgresUrl, { name: 'motu-instruments', max: 1 })
  const stopFollowing = await followInstruments(listing, log)
  ends.push(() => listing.end({ timeout: 5 }), stopFollowing)
  const calendars = await openCalendars(config, log, ends)
  const http = config.amqpUrl ? null : new HttpQueue()
  if (config.roles.has('api')) {
    ends.push(...(await serveApi({ config, bus, calendars, log, http })))
  }
  if (config.roles.has('engine')) {
    const sql = connect(config.postgresUrl, { name: 'motu-engine', max: 6, keyedOnly: true })
    const queue = http ?? new AmqpQueue({ url: config.amqpUrl!, prefix: config.queuePrefix, log })
    const engine = new Engine({
      postgresUrl: config.postgresUrl,
      processId: config.processId,
      tickerIds: [...quotedInstruments().map((instrument) => instrument.tickerId), USD_KRW],
      calendar: (venue) => calendars.of(venue),
      profile: PROFILES[config.fillProfile],
      sql,
      queue,
      bus,
      log,
      now,
    })
    await engine.start()
    ends.push(
      () => sql.end({ timeout: 5 }),
      () => queue.close(),
      () => engine.stop(),
      applyActions({ config, bus, log }),
    )
  }
  if (config.roles.has('feeder')) {
    const sql = connect(config.postgresUrl, { name: 'motu-feeder', max: 2 })
    const feeder = await startFeeder({
      ...{ config, bus, sql, now, log, epoch: randomUUID() },
      isOpen: (tickerId, nowMs) => {
        const venue = findInstrument(tickerId)?.venue
        return venue === undefined || calendars.of(venue).sessionsAt(nowMs).length > 0
      },
    })
    ends.push(
      () => sql.end({ timeout: 5 }),
      () => feeder.stop(),
    )
  }
  if (config.roles.has('notifier')) ends.push(await notify({ config, bus, calendars, log }))
  if (config.roles.has('bot')) ends.push(startBot({ config, now, random: Math.random, log }))
  return async () => {
    for (const end of ends.reverse()) await end()
  }
}

/** The API, and what is written down beside it by the clock; answers how to stop it all. */
async function serveApi(parts: {
  config: Config
  bus: Bus & DenyList & TemplateTexts
  calendars: Calendars
  log: Log
  http: HttpQueue | null
}): Promise<(() => Promise<void>)[]> {
  const { config, bus, calendars, log, http } = parts
  const sql = connect(config.postgresUrl, { name: 'motu-api' })
  const courier =
    http && ((partition: number, messages: readonly unknown[]) => http.offer(partition, messages))
  const reporter = { sql, tell: writeNotifications, now, log }
  const api = await startApi({
    ...{ config, sql, bus, calendars, now, log },
    makeReport: (asked) => makeReport(reporter, asked),
    ...(courier ? { courier } : {}),
  })
  return [
    () => sql.end({ timeout: 5 }),
    () => api.stop(),
    startNetWorth({ sql, bus, now, log }),
    startReporter(reporter),
    await watchAlerts({ config, bus, log }),
  ]
}

/** The calendars every role of this process shares, on a connection of their own. */
async function openCalendars(
  { postgresUrl, alwaysOpen }: Config,
  log: Log,
  ends: (() => Promise<void>)[],
): Promise<Calendars> {
  const sql = connect(postgresUrl, { name: 'motu-calendars', max: 1 })
  const calendars = new Calendars({ sql, alwaysOpen, log })
  ends.push(
    () => sql.end({ timeout: 5 }),
    () => calendars.close(),
  )
  await calendars.open()
  return calendars
}

/** Price alerts, on connections of their own: a price finds the lines it meets by their index. */
async function watchAlerts(parts: {
  config: Config
  bus: Bus
  log: Log
}): Promise<() => Promise<void>> {
  const { config, bus, log } = parts
  const sql = connect(config.postgresUrl, { name: 'motu-alerts', max: 2, keyedOnly: true })
  const stop = await startAlerts({ sql, bus, now, log })
  return async () => {
    await stop()
    await sql.end({ timeout: 5 })
  }
}

/** Messages to Discord and Telegram, on connections of their own. */
async function notify(parts: {
  config: Config
  bus: Bus & TemplateTexts
  calendars: Calendars
  log: Log
}): Promise<() => Promise<void>> {
  const { config, bus, calendars, log } = parts
  const { postgresUrl, notifier: settings } = config
  const sql = connect(postgresUrl, { name: 'motu-notifier', max: 4, keyedOnly: true })
  const pictureOf = (eventId: string) => pictureOfEvent(sql, eventId)
  const trades = (venue: Venue, nowMs: number): boolean =>
    calendars.of(venue).phaseAt(nowMs, ['regular']) === 'continuous'
  const { keyFile, contact, origins } = config.push
  const pushes = { key: await openPushKey(keyFile), contact, origins, now }
  const stop = await startNotifier({
    ...{ postgresUrl, sql, bus, settings, pictureOf, pushes, now, log, trades },
  })
  return async () => {
    await stop()
    await sql.end({ timeout: 5 })
  }
}

/** Splits and dividends, at their ex-date; engines are told which orders are others now. */
function applyActions(parts: { config: Config; bus: Bus; log: Log }): () => Promise<void> {
  const { config, bus, log } = parts
  const sql = connect(config.postgresUrl, { name: 'motu-actions', max: 2 })
  const onChanged: Parameters<typeof startActions>[0]['onChanged'] = (orders) =>
    bus.publish('orders_changed', orders)
  const stop = startActions({ sql, now, log, onChanged })
  return async () => {
    await stop()
    await sql.end({ timeout: 5 })
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

await main()

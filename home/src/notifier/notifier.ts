// The notifier: finds what happened, decides who is told, and sends the messages. Everything it does is
// written down before and after, so that another one goes on where it was killed.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Venue } from '@motu/shared/instrument.ts'
import type { Bus, BusMessages, TemplateTexts } from '../bus/bus.ts'
import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { Bell } from './bell.ts'
import { currentContents, writeThrough } from './contents.ts'
import { deliverNext } from './deliver.ts'
import { discordPlace } from './discord.ts'
import { findAlerts } from './find-alerts.ts'
import { findEvents, forgetEvents } from './find-events.ts'
import { messageOf } from './message.ts'
import { takeTurns, type Turn } from './lead.ts'
import type { NotifierSettings } from './notifier-settings.ts'
import { isPublic, type Notification, type PublicPlace } from './notification.ts'
import { ownPlaces } from './own-places.ts'
import { PersonalPost } from './personal-post.ts'
import type { PushSender } from './push.ts'
import { route } from './route.ts'
import type { Picture, Place } from './service.ts'
import { FOREIGN_CHANNELS, readForeign } from './take-in.ts'
import { telegramPlace } from './telegram.ts'
import { FeedWatcher } from './watch-feeds.ts'
import { writeNotifications } from './write-notifications.ts'

/** How often the outbox is looked at though nobody said that there is something. */
const LOOK_INTERVAL_MS = 2_000
const LOOK_PAUSE_MS = 100
const WRITE_THROUGH_INTERVAL_MS = 60_000
const FEED_LOOK_INTERVAL_MS = 2_000
const FAILURE_PAUSE_MS = 1_000
/** What others publish while Postgres is away; of more, the oldest are lost, and it is said. */
const TAKEN_IN_MAX = 10_000

export type NotifierOptions = {
  readonly postgresUrl: string
  readonly sql: Sql
  readonly bus: Bus & TemplateTexts
  readonly settings: NotifierSettings
  /** What goes with the message of an event; null for most. */
  readonly pictureOf?: (eventId: string) => Promise<Picture | null>
  /** What pushes are signed with, and where they may go; without it there are none. */
  readonly pushes?: PushSender
  readonly now: () => number
  readonly log: Log
  /** Whether a venue's regular session is on; without it every venue always trades. */
  readonly trades?: (venue: Venue, nowMs: number) => boolean
}

/**
 * Runs from now on, leading or waiting to; answers how to stop. While there is no public address, and
 * nobody asked to be told anything, it does not read the outbox of a busy market.
 */
export async function startNotifier(options: NotifierOptions): Promise<() => Promise<void>> {
  const notifier = new Notifier(options)
  const unheard = await notifier.listen()
  const { postgresUrl, log } = options
  const stopTurns = takeTurns({ postgresUrl, log, lead: (turn) => notifier.lead(turn) })
  return async () => {
    await unheard()
    await stopTurns()
  }
}

class Notifier {
  readonly #options: NotifierOptions
  readonly #places: ReadonlyMap<PublicPlace, Place>
  readonly #feeds: FeedWatcher
  #takenIn: Notification[] = []
  /** Something may have happened. */
  readonly #news = new Bell()
  /** There may be something to send. */
  readonly #post = new Bell()

  constructor(options: NotifierOptions) {
    this.#options = options
    this.#places = placesOf(options.settings)
    this.#feeds = new FeedWatcher({ trades: () => true, ...options })
  }

  async listen(): Promise<() => Promise<void>> {
    const { bus, now, log } = this.#options
    const takeIn = (messages: BusMessages[(typeof FOREIGN_CHANNELS)[number]][]): void => {
      for (const message of messages) {
        const found = readForeign(message, now())
        if (found) this.#takenIn.push(found)
        else log.warn('a message on the bus is none of ours')
      }
      const lost = this.#takenIn.length - TAKEN_IN_MAX
      if (lost > 0) log.error({ lost }, 'messages of others are lost')
      this.#takenIn = this.#takenIn.slice(-TAKEN_IN_MAX)
      this.#news.ring()
    }
    const ends = await Promise.all([
      bus.subscribe('trade_events', () => this.#news.ring()),
      bus.subscribe('alert_events', () => this.#news.ring()),
      ...FOREIGN_CHANNELS.map((channel) => bus.subscribe(channel, takeIn)),
      this.#feeds.listen(),
    ])
    return async () => {
      for (const end of ends) await end()
    }
  }

  /** Until the signal: everything at once, each at its own pace. */
  async lead(turn: Turn): Promise<void> {
    const { signal } = turn
    await this.#feeds.recall()
    const places = [...this.#places].map(([name, place]) =>
      this.#loop(signal, () => this.#deliver(name, place, turn), this.#post),
    )
    const personal = this.#personalPost(turn)
    await Promise.all([
      this.#loop(signal, () => this.#postRound(personal), this.#post),
      this.#loop(signal, () => this.#find(), this.#news),
      this.#loop(signal, () => this.#writeThrough(), new Bell()),
      this.#loop(signal, () => this.#lookAtFeeds(), new Bell()),
      ...places,
    ])
    await personal.settled()
  }

  /** Does something again and again; it answers how long to wait, unless its bell rings. */
  async #loop(signal: AbortSignal, act: () => Promise<number>, bell: Bell): Promise<void> {
    let isFailing = false
    while (!signal.aborted) {
      const { rings } = bell
      try {
        const waitMs = await act()
        isFailing = false
        if (waitMs > 0) await bell.rest(waitMs, rings, signal)
      } catch (error) {
        if (!isFailing) this.#options.log.warn({ err: error }, 'notifier waits')
        isFailing = true
        await sleep(FAILURE_PAUSE_MS)
      }
    }
  }

  async #find(): Promise<number> {
    const { sql, settings, now } = this.#options
    const takenIn = this.#takenIn
    await writeNotifications(sql, takenIn, now())
    this.#takenIn = this.#takenIn.filter((one) => !takenIn.includes(one))
    if (await this.#isAnyoneListening()) {
      await findEvents({ sql, thresholdKrw: settings.whaleThresholdKrw }, now())
    } else {
      await forgetEvents(sql)
    }
    await findAlerts(sql, now())
    const { tellsSimulated, coolDownMs } = settings
    const places = new Set(this.#places.keys())
    while ((await route({ sql, places, tellsSimulated, coolDownMs }, now())) > 0) this.#post.ring()
    // A market that never rests is not looked at without a rest.
    await sleep(LOOK_PAUSE_MS)
    return LOOK_INTERVAL_MS
  }

  async #isAnyoneListening(): Promise<boolean> {
    if (this.#places.size > 0) return true
    const rows = await this.#options.sql`SELECT 1 FROM notification_choices LIMIT 1`
    return rows.length > 0
  }

  async #lookAtFeeds(): Promise<number> {
    if (await this.#feeds.look()) this.#news.ring()
    return FEED_LOOK_INTERVAL_MS
  }

  async #writeThrough(): Promise<number> {
    await writeThrough(this.#options)
    return WRITE_THROUGH_INTERVAL_MS
  }

  #personalPost(turn: Turn): PersonalPost {
    const { sql, now, log, settings, pushes } = this.#options
    return new PersonalPost({
      ...{ sql, now, log, turn },
      placeOf: ownPlaces(settings.bots, pushes),
      onSent: () => this.#post.ring(),
    })
  }

  async #postRound(personal: PersonalPost): Promise<number> {
    await personal.round()
    return LOOK_INTERVAL_MS
  }

  async #deliver(name: PublicPlace, place: Place, turn: Turn): Promise<number> {
    const { sql, now, log } = this.#options
    const waitMs = await deliverNext({
      ...{ sql, name, place, now, log, turn },
      writer: async () => {
        const contents = await currentContents(this.#options)
        const { medium } = place
        return (told, mayRepeat) =>
          messageOf(told.filter(isPublic), { contents, medium, mayRepeat })
      },
      ...(this.#options.pictureOf ? { pictureOf: this.#options.pictureOf } : {}),
      onGone: () =>
        log.error({ place: name }, 'a place for messages is gone: give it a new address'),
    })
    return waitMs ?? LOOK_INTERVAL_MS
  }
}

function placesOf({ discord, telegram, adminTelegram }: NotifierSettings): Map<PublicPlace, Place> {
  const places = new Map<PublicPlace, Place>()
  for (const name of Object.keys(discord) as PublicPlace[]) {
    places.set(name, discordPlace(discord[name]!))
  }
  if (telegram) places.set('telegram:alerts', telegramPlace(telegram))
  if (adminTelegram) places.set('telegram:admin', telegramPlace(adminTelegram))
  return places
}

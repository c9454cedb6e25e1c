// Sends what is for one alone, to places that come and go: a few at a time, each place's messages one
// after another, none in its user's hours of quiet.

import type { Sql } from '../db/connect.ts'
import type { Log } from '../log.ts'
import { deliverNext, type Writer } from './deliver.ts'
import type { Turn } from './lead.ts'
import { isPublic, type PersonalNotification } from './notification.ts'
import { personalPush, personalText } from './personal-message.ts'
import { forgetDevice, giveUp, type OpenPlace, openPlaces } from './personal-reader.ts'
import { isQuietAt } from './quiet-hours.ts'
import type { Place } from './service.ts'

/** Places that are written to at once: one that answers slowly holds up no other. */
const AT_ONCE_MAX = 8
/** What a place was told to wait is looked at again after this: its user may have changed his mind. */
const REST_MS_MAX = 30_000

export type PersonalPostOptions = {
  readonly sql: Sql
  readonly turn: Turn
  readonly now: () => number
  readonly log: Log
  /** The place of an address; null where its service is not set up. */
  readonly placeOf: (open: OpenPlace) => Place | null
  /** Something was sent: there may be more. */
  readonly onSent: () => void
}

export class PersonalPost {
  readonly #options: PersonalPostOptions
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #restsUntil = new Map<string, number>()

  constructor(options: PersonalPostOptions) {
    this.#options = options
  }

  /** Begins to send what may be sent now. Rejects while Postgres is away. */
  async round(): Promise<void> {
    const { sql, now } = this.#options
    const open = await openPlaces(sql)
    const nowMs = now()
    const names = new Set(open.map(({ place }) => place))
    for (const [name, untilMs] of this.#restsUntil) {
      if (untilMs <= nowMs || !names.has(name)) this.#restsUntil.delete(name)
    }
    for (const one of open) {
      if (this.#underWay.size >= AT_ONCE_MAX) break
      const isResting = this.#restsUntil.has(one.place) || this.#underWay.has(one.place)
      const isQuiet = one.quiet !== null && isQuietAt(one.quiet, nowMs)
      if (!isResting && !isQuiet) this.#begin(one)
    }
  }

  /** Until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }

  #begin(open: OpenPlace): void {
    const { now, log, onSent } = this.#options
    const send = async (): Promise<void> => {
      let waitMs: number | null = REST_MS_MAX
      try {
        waitMs = await this.#deliver(open)
      } catch (error) {
        log.warn({ err: error, place: open.place }, 'a message to one person waits')
      }
      this.#underWay.delete(open.place)
      if (waitMs === 0) onSent()
      else if (waitMs !== null) {
        this.#restsUntil.set(open.place, now() + Math.min(waitMs, REST_MS_MAX))
      }
    }
    this.#underWay.set(open.place, send())
  }

  async #deliver(open: OpenPlace): Promise<number | null> {
    const { sql, turn, now, log, placeOf } = this.#options
    const { place: name, quiet } = open
    const place = open.isSwitchedOff ? null : placeOf(open)
    if (place === null) {
      await giveUp(sql, name, open.isSwitchedOff ? 'switched off' : 'no address', now())
      return null
    }
    const waitMs = await deliverNext({
      ...{ sql, name, place, now, log, turn, isPrivate: true },
      writer: () => Promise.resolve(writerFor(open, place)),
      wasHeldBack: (ms) => quiet !== null && isQuietAt(quiet, ms),
      onGone: async () => {
        if (open.push) await forgetDevice(sql, name)
        await giveUp(sql, name, 'gone', now())
      },
    })
    return waitMs
  }
}

function writerFor(open: OpenPlace, { medium }: Place): Writer {
  const { locale, timeZone } = open
  return (told, mayRepeat) => {
    const own = told.filter((one): one is PersonalNotification => !isPublic(one))
    const reader = { locale, timeZone, mayRepeat }
    return open.push
      ? JSON.stringify(personalPush(own, reader))
      : personalText(own, { ...reader, medium })
  }
}

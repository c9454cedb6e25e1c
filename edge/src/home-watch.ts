// Tells by a webhook of its own that home is down: home cannot. What is told stands on the Hub's disk,
// each try before it begins and after its end, so that a restart repeats nothing it does not mark.

import { PARTITION_COUNT } from '@motu/shared/partition.ts'
import type { Clock } from './clock.ts'
import { type Env, mailboxOf } from './env.ts'
import { nextOutage, type Outage, type Post } from './home-outage.ts'
import { log, reasonOf } from './log.ts'

const OUTAGE = 'home_outage'
const GONE = 'home_alert_gone'
const AFTER_SECONDS = 60
const LOOK_INTERVAL_MS_MAX = 5_000
const CALL_DEADLINE_MS = 10_000
const RETRY_MS_MAX = 5 * 60_000
const PAUSE_MS_MAX = 60 * 60_000
const REPEATED = '\n(다시 보낸 알림일 수 있습니다)'

export type HomeWatchOptions = {
  env: Env
  kv: SyncKvStorage
  now: Clock
  home: () => { isUp: boolean; seenAt: number | null }
}

/** Null where the edge has no webhook to tell by. */
export function homeWatchOf(options: HomeWatchOptions): HomeWatch | null {
  const { HOME_ALERT_WEBHOOK_URL: url, HOME_ALERT_AFTER_SECONDS: after } = options.env
  if (!url) return null
  if (!isAddress(url)) {
    log.error('MOTU_EDGE_ALERT_WEBHOOK_URL must be an https address: nobody hears of an outage')
    return null
  }
  const seconds = /^\d{1,5}$/.test(after ?? '') ? Number.parseInt(after!, 10) : AFTER_SECONDS
  return new HomeWatch(options, url, seconds * 1_000)
}

export class HomeWatch {
  /** Between two looks. */
  readonly intervalMs: number
  readonly #options: HomeWatchOptions
  readonly #url: string
  readonly #afterMs: number
  /** Since when nothing is heard, as far as this process knows. */
  #watchedSince: number
  /** Orders that are counted already; after a restart there are none. */
  #counted = 0

  constructor(options: HomeWatchOptions, url: string, afterMs: number) {
    this.#options = options
    this.#url = url
    this.#afterMs = afterMs
    this.#watchedSince = options.now()
    this.intervalMs = Math.max(500, Math.min(LOOK_INTERVAL_MS_MAX, afterMs / 4))
  }

  /** Looks whether home is there, and sends what is to be told. Never rejects. */
  async look(): Promise<void> {
    try {
      const outage = await this.#see()
      if (outage?.post) await this.#send(outage, outage.post)
    } catch (error) {
      log.error('home is not watched', { reason: reasonOf(error) })
    }
  }

  async #see(): Promise<Outage | null> {
    const { env, kv, now, home } = this.#options
    const { isUp, seenAt } = home()
    const nowMs = now()
    if (isUp) this.#watchedSince = nowMs
    const before = kv.get<Outage>(OUTAGE) ?? null
    const count = await takenOrders(env)
    const seen = {
      ...{ nowMs, isUp, orders: Math.max(0, count - this.#counted) },
      ...{ darkSince: seenAt ?? this.#watchedSince, watchedSince: this.#watchedSince },
    }
    const next = nextOutage(before, seen, this.#afterMs)
    // Those of the minute before an outage is one are its own; those before it are not.
    if (isUp || next) this.#counted = count
    if (next) kv.put(OUTAGE, next)
    else if (before) kv.delete(OUTAGE)
    return next
  }

  async #send(outage: Outage, post: Post): Promise<void> {
    const { kv, now } = this.#options
    const hash = await sha256(this.#url)
    if (post.notBefore > now() || kv.get<string>(GONE) === hash) return
    const mayRepeat = post.mayRepeat || post.isBegun
    const begun = { ...post, attempts: post.attempts + 1, isBegun: true, mayRepeat }
    // The runtime lets no request out before this is on the disk.
    kv.put(OUTAGE, { ...outage, post: begun })
    const sent = await this.#post(post.text + (mayRepeat ? REPEATED : ''))
    if (sent.kind === 'gone') {
      kv.put(GONE, hash)
      log.error('the webhook for outages is gone: give the edge another')
    }
    const isDone = sent.kind === 'sent' || sent.kind === 'refused'
    const pauseMs =
      sent.kind === 'limited' ? sent.pauseMs : 1_000 * 2 ** Math.min(begun.attempts, 9)
    const left: Post = {
      ...begun,
      isBegun: false,
      mayRepeat: mayRepeat || sent.kind === 'unclear',
      notBefore: now() + Math.min(pauseMs, sent.kind === 'limited' ? PAUSE_MS_MAX : RETRY_MS_MAX),
    }
    kv.put(OUTAGE, { ...outage, post: isDone ? null : left })
  }

  async #post(content: string): Promise<Sent> {
    const url = new URL(this.#url)
    url.searchParams.set('wait', 'true')
    try {
      const answer = await fetch(url.href, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ content, allowed_mentions: { parse: [] } }),
        redirect: 'manual',
        signal: AbortSignal.timeout(CALL_DEADLINE_MS),
      })
      const sent = verdictOf(answer)
      await answer.body?.cancel()
      if (sent.kind !== 'sent') log.warn('an outage is not told', { status: answer.status })
      return sent
    } catch (error) {
      // Its text may hold the address, which is a secret.
      log.warn('an outage is not told', { reason: error instanceof Error ? error.name : 'unknown' })
      return { kind: 'unclear' }
    }
  }
}

type Sent =
  | { kind: 'sent' | 'refused' | 'gone' | 'failing' | 'unclear' }
  | { kind: 'limited'; pauseMs: number }

/** By the rules of home's notifier. */
function verdictOf({ status, headers }: Response): Sent {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 429) {
    const seconds = Number.parseFloat(headers.get('retry-after') ?? '')
    return { kind: 'limited', pauseMs: seconds >= 0 ? seconds * 1_000 : 1_000 }
  }
  if (status === 404 || status === 401) return { kind: 'gone' }
  if (status === 502 || status === 504) return { kind: 'unclear' }
  const isElsewhere = status < 400 || status === 403
  if (status >= 500 || status === 408 || isElsewhere) return { kind: 'failing' }
  return { kind: 'refused' }
}

/** Orders accepted since the Mailboxes of this process began. */
async function takenOrders(env: Env): Promise<number> {
  const partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition)
  const states = partitions.map((partition) => mailboxOf(env, partition).state())
  return (await Promise.all(states)).reduce((sum, { taken }) => sum + taken, 0)
}

/** Secrets go over TLS, or do not leave this machine. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1')
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

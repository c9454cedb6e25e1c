// Discord's gateway, for set-ups whose edge Discord cannot reach: a socket that brings interactions.
// Source: Discord's API documentation, "Gateway".
//
//   closed ── HELLO ──► identify, or resume ── READY, RESUMED ──► ready ── closed, asked to, no ACK ──► closed
//
// After each loss the session is resumed where it was; a session that is gone begins anew. A code of
// those that no new try can help ends it for good.

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Log } from '../log.ts'
import type { Relay } from './relay.ts'

const GATEWAY_VERSION = 10
const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 60_000
const CALL_TIMEOUT_MS = 2_500
/** A wrong token, a wrong shard, a version or intents there are not. */
const FATAL_CODES = new Set([4004, 4010, 4011, 4012, 4013, 4014])
const CLOSE_TO_RESUME = 4900

const frameSchema = z.object({
  op: z.int(),
  d: z.unknown(),
  s: z.int().nullish(),
  t: z.string().nullish(),
})
type Frame = z.infer<typeof frameSchema>
const helloSchema = z.object({ heartbeat_interval: z.number().min(1).max(3_600_000) })
const readySchema = z.object({ session_id: z.string(), resume_gateway_url: z.string() })
const interactionSchema = z.looseObject({ id: z.string(), token: z.string() })

const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalid: 9,
  hello: 10,
  ack: 11,
}

type Settings = { apiUrl: string; botToken: string }
type Parts = { settings: Settings; relay: Relay; random: () => number; log: Log }
type Session = { id: string; url: string }

/** Listens until it is stopped. */
export function startGateway(parts: Parts): () => Promise<void> {
  const gateway = new Gateway(parts)
  const listening = gateway.listen()
  return async () => {
    gateway.stop()
    await listening
  }
}

class Gateway {
  readonly #parts: Parts
  readonly #ending = new AbortController()
  #session: Session | null = null
  #seq: number | null = null
  #socket: WebSocket | null = null
  #beat: ReturnType<typeof setTimeout> | null = null
  #isAcknowledged = true

  constructor(parts: Parts) {
    this.#parts = parts
  }

  stop(): void {
    this.#ending.abort()
    this.#socket?.close(1000)
  }

  /** Never rejects. */
  async listen(): Promise<void> {
    const { log } = this.#parts
    const { signal } = this.#ending
    let failures = 0
    while (!signal.aborted) {
      const since = performance.now()
      const code = await this.#connect()
      if (FATAL_CODES.has(code)) {
        log.error({ code }, 'Discord does not let the bot in: its settings must be changed')
        return
      }
      if (!signal.aborted) log.info({ code }, 'Discord’s gateway was lost')
      failures = performance.now() - since > PAUSE_MS_MAX ? 0 : failures + 1
      const pauseMs = Math.min(PAUSE_MS * 2 ** Math.min(failures, 6), PAUSE_MS_MAX)
      // Ended while it waits: the loop looks at the signal.
      await sleep(pauseMs * this.#parts.random(), undefined, { signal }).catch(() => undefined)
    }
  }

  /** One connection, from its beginning to its end; the code it was closed with. */
  async #connect(): Promise<number> {
    const base = this.#session?.url ?? (await this.#gatewayUrl())
    if (base === null || this.#ending.signal.aborted) return 0
    return new Promise((resolve) => {
      const socket = new WebSocket(`${base}/?v=${GATEWAY_VERSION}&encoding=json`)
      this.#socket = socket
      this.#isAcknowledged = true
      socket.on('message', (data) => this.#hear(socket, String(data)))
      socket.on('error', (error) => {
        this.#parts.log.warn({ reason: error.name }, 'Discord’s gateway failed')
      })
      socket.on('close', (code) => {
        if (this.#beat) clearTimeout(this.#beat)
        this.#socket = null
        // Discord forgot the session: the next one begins anew.
        if (code === 4007 || code === 4009) this.#session = null
        resolve(code)
      })
    })
  }

  async #gatewayUrl(): Promise<string | null> {
    const { settings, log } = this.#parts
    try {
      const headers = { authorization: `Bot ${settings.botToken}` }
      const signal = AbortSignal.timeout(CALL_TIMEOUT_MS * 4)
      const answer = await fetch(`${settings.apiUrl}/gateway/bot`, { headers, signal })
      const read = z.object({ url: z.string() }).safeParse(await answer.json())
      if (answer.ok && read.success) return read.data.url
      log.warn({ status: answer.status }, 'Discord names no gateway')
    } catch (error) {
      log.warn({ reason: (error as Error).name }, 'Discord is not reached')
    }
    return null
  }

  #hear(socket: WebSocket, text: string): void {
    const frame = readFrame(text)
    if (!frame) {
      this.#parts.log.warn('Discord’s gateway said what we do not understand')
      return
    }
    if (typeof frame.s === 'number') this.#seq = frame.s
    if (frame.op === OP.hello) this.#greet(socket, frame)
    else if (frame.op === OP.ack) this.#isAcknowledged = true
    else if (frame.op === OP.heartbeat) this.#send(socket, OP.heartbeat, this.#seq)
    else if (frame.op === OP.reconnect) socket.close(CLOSE_TO_RESUME)
    else if (frame.op === OP.invalid) {
      if (frame.d !== true) this.#session = null
      socket.close(CLOSE_TO_RESUME)
    } else if (frame.op === OP.dispatch) this.#take(frame)
  }

  #greet(socket: WebSocket, { d }: Frame): void {
    const { botToken: token } = this.#parts.settings
    const intervalMs = helloSchema.parse(d).heartbeat_interval
    this.#beatAfter(socket, intervalMs * this.#parts.random(), intervalMs)
    if (this.#session) {
      this.#send(socket, OP.resume, { token, session_id: this.#session.id, seq: this.#seq })
      return
    }
    const properties = { os: 'linux', browser: 'motu', device: 'motu' }
    // Interactions need no intent: nothing that people write to each other comes here.
    this.#send(socket, OP.identify, { token, intents: 0, properties })
  }

  #beatAfter(socket: WebSocket, ms: number, intervalMs: number): void {
    this.#beat = setTimeout(() => {
      // A socket that answers no beat is dead, whatever TCP says.
      if (!this.#isAcknowledged) return socket.terminate()
      this.#isAcknowledged = false
      this.#send(socket, OP.heartbeat, this.#seq)
      this.#beatAfter(socket, intervalMs, intervalMs)
    }, ms)
  }

  #take({ t, d }: Frame): void {
    const { log } = this.#parts
    if (t === 'READY') {
      const { session_id: id, resume_gateway_url: url } = readySchema.parse(d)
      this.#session = { id, url }
      log.info('Discord’s gateway is ready')
    }
    const interaction = t === 'INTERACTION_CREATE' ? interactionSchema.safeParse(d).data : undefined
    if (!interaction) return
    this.#answer(interaction).catch((error: unknown) => {
      log.warn({ reason: (error as Error).name }, 'an interaction is not answered')
    })
  }

  /** The first answer goes back by HTTP; what comes later the edge writes itself. */
  async #answer({ id, token, ...rest }: z.infer<typeof interactionSchema>): Promise<void> {
    const { settings, relay, log } = this.#parts
    const response = await relay('discord', { id, token, ...rest })
    if (response === null) return
    const answer = await fetch(`${settings.apiUrl}/interactions/${id}/${token}/callback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(response),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    await answer.body?.cancel()
    if (!answer.ok) log.warn({ status: answer.status }, 'Discord does not take an answer')
  }

  #send(socket: WebSocket, op: number, d: unknown): void {
    socket.send(JSON.stringify({ op, d }))
  }
}

function readFrame(text: string): Frame | null {
  try {
    return frameSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

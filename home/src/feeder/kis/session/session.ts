// The WebSocket session of one account. It is opened again for as long as the adapter runs.
//
//   waiting ──(pace allows)──▶ opening ──(approval key, socket)──▶ open ──(loss)──▶ waiting
//     open: registrations are brought in line with what is wanted, pings are echoed, data is handed
//     on as it comes. Silence, a refused approval key and a key in use end the session.

import { WebSocket } from 'ws'
import { pause } from '../../schedule.ts'
import { type Ack, FRAME_LENGTH_MAX, readFrame } from '../frames/frame.ts'
import type { Registration } from '../kis-symbols.ts'
import type { Approval } from '../rest/approval.ts'
import { KisError } from '../rest/kis-error.ts'
import { reactionTo } from '../rest/reactions.ts'
import type { KisContext } from '../rest/tokens.ts'
import { ConnectPace } from './connect-pace.ts'
import { Registrations } from './registrations.ts'

export type SessionEvents = {
  /** A data frame, at once and in order. */
  data(trId: string, records: readonly (readonly string[])[], receivedAtMs: number): void
  /** KIS does not take this registration; `isFull`: as there are too many of them. */
  refused(registration: Registration, isFull: boolean): void
}

export class KisSession {
  readonly #context: KisContext
  readonly #approval: Approval
  readonly #events: SessionEvents
  readonly #pace: ConnectPace
  readonly #registrations = new Registrations()
  #socket: WebSocket | null = null
  #sending: Promise<void> | null = null
  #approvalKey = ''
  #heardAt = 0
  /** Before this no new session is opened: KIS, or a person, needs time. */
  #restUntil = 0

  constructor(context: KisContext, approval: Approval, events: SessionEvents) {
    const { times } = context
    this.#context = context
    this.#approval = approval
    this.#events = events
    this.#pace = new ConnectPace({
      delayMs: times.reconnectDelayMs,
      delayMsMax: times.reconnectDelayMsMax,
      connectsMax: times.connectsMax,
      windowMs: times.connectsWindowMs,
    })
  }

  /** When anything was last heard on the open session; zero while none is open. */
  get heardAtMs(): number {
    return this.#socket ? this.#heardAt : 0
  }

  /** Whether both feeds of a ticker are acknowledged on the open session. */
  streams(tickerId: string): boolean {
    return this.#socket !== null && this.#registrations.streams(tickerId)
  }

  /** What is to be registered from now on. */
  want(registrations: readonly Registration[]): void {
    this.#registrations.want(registrations)
    this.#bringInLine()
  }

  async run(signal: AbortSignal): Promise<void> {
    const { now, log, counters, account } = this.#context
    for (let sessions = 0; !signal.aborted; sessions += 1) {
      if (sessions > 0) counters.reconnects += 1
      const startedAt = now()
      this.#pace.connecting(startedAt)
      const reason = await this.#open(signal).catch((error: unknown) => this.#failed(error))
      if (signal.aborted) return
      this.#pace.ended(now() - startedAt)
      const retryAt = Math.max(this.#pace.nextAt(now()), this.#restUntil)
      log.warn(
        { account: account.name, reason, retry_in_ms: retryAt - now() },
        'kis: the session is lost',
      )
      await pause(Math.max(0, retryAt - now()), signal)
    }
  }

  /** Resolves with the reason when the session is over. */
  async #open(signal: AbortSignal): Promise<string> {
    const { account, times, counters, now } = this.#context
    this.#approvalKey = await this.#approval.get(signal)
    const socket = new WebSocket(account.wsUrl, {
      handshakeTimeout: times.callTimeoutMs,
      maxPayload: FRAME_LENGTH_MAX,
      perMessageDeflate: false,
    })
    let reason = 'closed'
    const over = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    socket.on('error', (error) => (reason = error.message))
    socket.on('open', () => {
      counters.connects += 1
      this.#heardAt = now()
      this.#socket = socket
      this.#registrations.forgetAnswers()
      this.#bringInLine()
    })
    socket.on('message', (data) => this.#hear(socket, (data as Buffer).toString('utf8')))
    const watch = setInterval(
      () => {
        if (this.#socket && now() - this.#heardAt > times.silenceMs) {
          counters.silences += 1
          reason = 'silence'
          socket.terminate()
        } else this.#bringInLine()
      },
      Math.ceil(Math.min(times.silenceMs, times.ackMs) / 4),
    )
    const stop = (): void => socket.terminate()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    await over
    clearInterval(watch)
    signal.removeEventListener('abort', stop)
    this.#socket = null
    await this.#sending
    return reason
  }

  #failed(error: unknown): string {
    if (!(error instanceof KisError)) throw error
    if (error.reaction === 'ask_admin') this.#rest(this.#context.times.adminMs)
    return error.message
  }

  #hear(socket: WebSocket, text: string): void {
    const { counters, now } = this.#context
    const receivedAtMs = now()
    this.#heardAt = receivedAtMs
    const frame = readFrame(text)
    switch (frame.kind) {
      case 'data':
        counters.frames += 1
        this.#events.data(frame.trId, frame.records, receivedAtMs)
        break
      case 'ping':
        socket.send(text)
        break
      case 'ack':
        this.#answered(socket, frame.ack)
        break
      case 'encrypted':
        counters.encrypted_frames += 1
        break
      case 'bad':
        counters.bad_frames += 1
        break
    }
  }

  #answered(socket: WebSocket, ack: Ack): void {
    const { log, account, times, counters } = this.#context
    const isDone = this.#registrations.answered(ack)
    if (isDone) return
    const reaction = reactionTo(ack.code)
    log.warn({ account: account.name, code: ack.code, feed: ack.trId }, 'kis: refused on the line')
    switch (reaction) {
      case 'retry':
        // The next look asks again.
        this.#registrations.forget(ack)
        break
      case 'new_approval':
        this.#approval.forget()
        socket.terminate()
        break
      case 'wait':
        this.#rest(times.inUseMs)
        socket.terminate()
        break
      case 'ask_admin':
        this.#rest(times.adminMs)
        socket.terminate()
        break
      default: {
        counters.refused_registrations += 1
        const isFull = ack.code === 'OPSP0008'
        const registration = isFull
          ? this.#registrations.drop(ack)
          : this.#registrations.refuse(ack)
        if (registration) this.#events.refused(registration, isFull)
      }
    }
  }

  #rest(ms: number): void {
    this.#restUntil = this.#context.now() + ms
  }

  /** One at a time, and while it runs whatever becomes wanted is done by it, too. */
  #bringInLine(): void {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null))
  }

  async #sendAll(): Promise<void> {
    const { times, now } = this.#context
    for (;;) {
      const socket = this.#socket
      if (!socket || socket.readyState !== WebSocket.OPEN) return
      const next = this.#registrations.next(now(), times.ackMs)
      if (!next) return
      socket.send(messageOf(this.#approvalKey, next))
      await pause(times.messageSpacingMs, new AbortController().signal)
    }
  }
}

function messageOf(
  approvalKey: string,
  { registration, isOn }: { registration: Registration; isOn: boolean },
): string {
  return JSON.stringify({
    header: {
      approval_key: approvalKey,
      custtype: 'P',
      tr_type: isOn ? '1' : '2',
      'content-type': 'utf-8',
    },
    body: { input: { tr_id: registration.trId, tr_key: registration.trKey } },
  })
}

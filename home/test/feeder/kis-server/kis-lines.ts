// The WebSocket side of the simulated KIS: sessions, registrations and what is pushed to them.

import type { IncomingMessage, Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/** KIS's own limit; the 42nd is refused. */
const REGISTRATIONS_MAX = 41

type Line = { socket: WebSocket; registered: Set<string>; appKey: string | null }
type Answer = [code: string, message: string]

export class KisLines {
  /** Which app key an approval key was given to. */
  readonly approvals = new Map<string, string>()
  registrationsMax = REGISTRATIONS_MAX
  /** Each of the next sessions' first registrations is answered by one of these. */
  readonly refusals: Answer[] = []
  /** Registrations that are refused for what they are: `H0STMKO0 005930`. */
  readonly unknown = new Map<string, string>()
  /** Codes answered to the next registrations of one name, before it is taken. */
  readonly hiccups = new Map<string, string[]>()
  /** Nothing is answered and nothing pushed, as if the other side had died. */
  isSilent = false
  /** Every session ever opened, in UTC ms of our clock. */
  readonly opened: number[] = []
  readonly received: Record<string, unknown>[] = []
  readonly #lines = new Set<Line>()
  readonly #server = new WebSocketServer({ noServer: true })

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened))
    })
  }

  /** All registrations, as `H0STCNT0 005930`. */
  get registered(): string[] {
    return [...this.#lines].flatMap(({ registered }) => [...registered]).toSorted()
  }

  get count(): number {
    return this.#lines.size
  }

  /** Sends to whoever registered for it; true when somebody got it. */
  push(name: string, text: string): boolean {
    if (this.isSilent) return false
    const listeners = [...this.#lines].filter(({ registered }) => registered.has(name))
    for (const { socket } of listeners) socket.send(text)
    return listeners.length > 0
  }

  /** Sends to all, whatever they registered for. */
  broadcast(text: string): void {
    for (const { socket } of this.#lines) socket.send(text)
  }

  ping(): void {
    if (!this.isSilent)
      this.broadcast('{"header":{"tr_id":"PINGPONG","datetime":"20261120100000"}}')
  }

  /** Cuts all sessions, without a word. */
  drop(): void {
    for (const { socket } of this.#lines) socket.terminate()
  }

  /** Ends all sessions, after what was said before. */
  hangUp(): void {
    for (const { socket } of this.#lines) socket.close()
  }

  /** How often a PINGPONG came back. */
  get pongs(): number {
    return this.received.filter(({ header }) => (header as Header).tr_id === 'PINGPONG').length
  }

  #open(socket: WebSocket): void {
    const line: Line = { socket, registered: new Set(), appKey: null }
    this.#lines.add(line)
    this.opened.push(Date.now())
    socket.on('close', () => this.#lines.delete(line))
    socket.on('error', () => {})
    socket.on('message', (data) => this.#hear(line, (data as Buffer).toString('utf8')))
  }

  #hear(line: Line, text: string): void {
    const message = JSON.parse(text) as { header: Header; body?: Body }
    this.received.push(message)
    if (this.isSilent || !message.body) return
    const { tr_id, tr_key } = message.body.input
    const [code, said] = this.#answer(line, message.header, `${tr_id} ${tr_key}`)
    const ok = code === 'OPSP0000' || code === 'OPSP0001'
    line.socket.send(
      JSON.stringify({
        header: { tr_id, tr_key, encrypt: 'N' },
        body: { rt_cd: ok ? '0' : '1', msg_cd: code, msg1: said, output: { iv: '', key: '' } },
      }),
    )
  }

  #answer(line: Line, header: Header, name: string): Answer {
    const refusal = this.refusals.shift()
    if (refusal) return refusal
    const appKey = this.approvals.get(header.approval_key ?? '')
    if (appKey === undefined) return ['OPSP0011', 'invalid approval : NOT FOUND']
    const inUse = [...this.#lines].some((other) => other !== line && other.appKey === appKey)
    if (inUse) return ['OPSP8996', 'ALREADY IN USE appkey']
    const owner: Line = Object.assign(line, { appKey })
    const hiccup = this.hiccups.get(name)?.shift()
    if (hiccup) return [hiccup, 'INTERNAL ERROR']
    const unknown = this.unknown.get(name)
    if (unknown) return [unknown, 'invalid tr_key : NOT FOUND']
    if (header.tr_type === '2') {
      return owner.registered.delete(name)
        ? ['OPSP0001', 'UNSUBSCRIBE SUCCESS']
        : ['OPSP0003', 'UNSUBSCRIBE ERROR(not found!)']
    }
    if (owner.registered.has(name)) return ['OPSP0002', 'ALREADY IN SUBSCRIBE']
    if (owner.registered.size >= this.registrationsMax) return ['OPSP0008', 'MAX SUBSCRIBE OVER']
    owner.registered.add(name)
    return ['OPSP0000', 'SUBSCRIBE SUCCESS']
  }
}

type Header = { tr_id?: string; approval_key?: string; tr_type?: string }
type Body = { input: { tr_id: string; tr_key: string } }

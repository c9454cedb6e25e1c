// Order events on their way to the sockets of their user: each socket hears every event once and in
// order. What it missed is asked of home again:
//
//   live ── event with a gap before it, or home came back ──► resuming ── answer ──► live
//
// While a socket is resuming live events pass by; if one did, it resumes once more.

import type { HomeFrame, HubFrame, OrderEvent } from '@motu/shared/upstream.ts'
import type { ClientSocket } from './client-socket.ts'
import type { UserSockets } from './user-sockets.ts'

type Resumed = Extract<HomeFrame, { t: 'resumed' }>

export class OrderRelay {
  readonly #ask: (frame: HubFrame) => boolean
  readonly #sockets: UserSockets
  readonly #resuming = new Map<string, ClientSocket>()
  readonly #newId: () => string

  constructor(
    ask: (frame: HubFrame) => boolean,
    { sockets, newId }: { sockets: UserSockets; newId: () => string },
  ) {
    this.#ask = ask
    this.#sockets = sockets
    this.#newId = newId
  }

  /** Forgets what a socket that is gone was waiting for. */
  remove(client: ClientSocket): void {
    if (client.resumeId !== null) this.#resuming.delete(client.resumeId)
  }

  /** Begins to listen; `from` is the last `seq` the client has, null when it has none. */
  subscribe(client: ClientSocket, from: number | null): void {
    client.hasOrders = true
    client.ordersSeq = from
    if (!this.#resume(client)) client.send({ op: 'subscribed', channels: ['orders'] })
  }

  /** Home is back: whatever was missed meanwhile is asked for. */
  resumeAll(): void {
    this.#resuming.clear()
    for (const client of this.#sockets.all()) {
      client.resumeId = null
      if (client.hasOrders) this.#resume(client)
    }
  }

  deliver(event: OrderEvent): void {
    let text: string | null = null
    for (const client of this.#sockets.of(event.user_id)) {
      if (client.hasOrders) this.#deliverTo(client, event.seq, (text ??= encode(event)))
    }
  }

  resumed({ request_id, events, last_seq, reset }: Resumed): void {
    const client = this.#resuming.get(request_id)
    this.#resuming.delete(request_id)
    if (!client || client.resumeId !== request_id) return
    client.resumeId = null
    const from = client.ordersSeq
    if (reset || (from !== null && last_seq < from)) {
      client.send({ op: 'reset', channel: 'orders', seq: last_seq })
      client.ordersSeq = last_seq
    } else {
      client.send({ op: 'subscribed', channels: ['orders'], seq: from ?? last_seq })
      for (const event of from === null ? [] : events) client.sendText(encode(event))
      client.ordersSeq = (from === null ? undefined : events.at(-1)?.seq) ?? last_seq
    }
    client.save()
    if (client.isBehind || client.ordersSeq < last_seq) this.#resume(client)
  }

  #deliverTo(client: ClientSocket, seq: number, text: string): void {
    if (client.resumeId !== null) {
      client.isBehind = true
    } else if (client.ordersSeq === null || seq > client.ordersSeq + 1) {
      this.#resume(client)
    } else if (seq === client.ordersSeq + 1) {
      client.sendText(text)
      client.ordersSeq = seq
      client.save()
    }
  }

  /** Asks home for what the client is missing; false when home is dark. */
  #resume(client: ClientSocket): boolean {
    if (client.userId === null) return false
    const request_id = this.#newId()
    client.isBehind = false
    const isAsked = this.#ask({
      t: 'resume',
      request_id,
      user_id: client.userId,
      from: client.ordersSeq,
    })
    if (!isAsked) return false
    client.resumeId = request_id
    this.#resuming.set(request_id, client)
    return true
  }
}

function encode({ seq, order }: OrderEvent): string {
  return JSON.stringify({ channel: 'orders', seq, data: order })
}

// A browser's socket on `/ws/stream`.

import type { ClientFrame, ServerFrame } from '@motu/shared/contract/stream.ts'
import { WebSocket } from 'ws'
import type { Address } from './http-connection.ts'

const OPEN_TIMEOUT_MS = 15_000

export type StreamOptions = {
  /** For the private channels. */
  token?: string
  channels: string[]
  onFrame: (frame: ServerFrame) => void
}

export class StreamClient {
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /** Opens a socket, signs it in, subscribes; resolves when the subscription is confirmed. */
  static async open(address: Address, options: StreamOptions): Promise<StreamClient> {
    const { token, channels, onFrame } = options
    const socket = new WebSocket(`ws://${address.host}:${address.port}/ws/stream`, {
      handshakeTimeout: OPEN_TIMEOUT_MS,
      perMessageDeflate: false,
    })
    const say = (frame: ClientFrame): void => socket.send(JSON.stringify(frame))
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', (code) => reject(new Error(`the stream closed with ${code}`)))
      socket.once('open', () => {
        if (token !== undefined) say({ op: 'auth', token })
        say({ op: 'subscribe', channels })
      })
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as ServerFrame
        if ('op' in frame && frame.op === 'subscribed') resolve()
        if ('op' in frame && frame.op === 'error') reject(new Error(frame.detail))
        onFrame(frame)
      })
    })
    socket.removeAllListeners('error')
    // A socket that fails later also closes; what it then misses is what is being measured.
    socket.on('error', () => {})
    return new StreamClient(socket)
  }

  close(): void {
    this.#socket.terminate()
  }
}

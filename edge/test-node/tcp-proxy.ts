// A TCP proxy in front of a server, to take the network away: cut it, stall it, give it back.

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export class TcpProxy {
  readonly #target: { host: string; port: number }
  readonly #pairs = new Set<[Socket, Socket]>()
  #server: Server | null = null
  #isStalled = false
  port = 0

  constructor(target: { host: string; port: number }) {
    this.#target = target
  }

  /** Listens, at the port it had if it had one. */
  async open(): Promise<this> {
    const server = createServer((near) => this.#bridge(near))
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    return this
  }

  /** Closes every connection and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server
    this.#server = null
    for (const [near, far] of this.#pairs) {
      near.destroy()
      far.destroy()
    }
    this.#pairs.clear()
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }

  /** Keeps connections open and lets nothing through that comes back. */
  stall(): void {
    this.#isStalled = true
    for (const [, far] of this.#pairs) far.pause()
  }

  #bridge(near: Socket): void {
    const far = connect(this.#target)
    const pair: [Socket, Socket] = [near, far]
    this.#pairs.add(pair)
    near.pipe(far)
    far.pipe(near)
    if (this.#isStalled) far.pause()
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        this.#pairs.delete(pair)
      })
    }
  }
}

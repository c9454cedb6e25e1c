// The sockets of each user who is known: where what is private goes.

import type { ClientSocket } from './client-socket.ts'

export class UserSockets {
  readonly #byUser = new Map<string, Set<ClientSocket>>()

  /** A socket of a user who is known; false when he has `socketsMax` already. */
  add(client: ClientSocket, userId: string, socketsMax: number): boolean {
    const sockets = this.#byUser.get(userId) ?? new Set()
    if (!sockets.has(client) && sockets.size >= socketsMax) return false
    this.#byUser.set(userId, sockets.add(client))
    return true
  }

  remove(client: ClientSocket): void {
    if (client.userId === null) return
    const sockets = this.#byUser.get(client.userId)
    sockets?.delete(client)
    if (sockets?.size === 0) this.#byUser.delete(client.userId)
  }

  of(userId: string): Iterable<ClientSocket> {
    return this.#byUser.get(userId) ?? []
  }

  *all(): Iterable<ClientSocket> {
    for (const sockets of this.#byUser.values()) yield* sockets
  }
}

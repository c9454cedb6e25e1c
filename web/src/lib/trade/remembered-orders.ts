// Orders that were accepted and of which home has not spoken yet, kept in this browser by user.

import type { Order } from '@motu/shared/contract/orders.ts'

const STORAGE_KEY_PREFIX = 'motu.pending.'
const REMEMBERED_MAX = 100

export class RememberedOrders {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage
  }

  read(username: string): Order[] {
    try {
      return JSON.parse(this.#storage.getItem(STORAGE_KEY_PREFIX + username) ?? '[]') as Order[]
    } catch {
      return []
    }
  }

  write(username: string, orders: readonly Order[]): void {
    const key = STORAGE_KEY_PREFIX + username
    if (orders.length === 0) this.#storage.removeItem(key)
    else this.#storage.setItem(key, JSON.stringify(orders.slice(0, REMEMBERED_MAX)))
  }
}

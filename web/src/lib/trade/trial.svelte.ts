// What home says would become of the order on the ticket: asked while it is filled in, nothing is placed.

import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { Answer } from '#lib/http.ts'
import type { TicketRequest } from './ticket-form.ts'

export class Trial {
  /** Null until home has answered for what is on the ticket now. */
  answer = $state.raw<OrderTest | null>(null)
  isAsking = $state(false)
  readonly #ask: (request: TicketRequest) => Promise<Answer<OrderTest>>
  #generation = 0

  constructor(ask: (request: TicketRequest) => Promise<Answer<OrderTest>>) {
    this.#ask = ask
  }

  /** Of several questions the last one's answer counts; without an answer nothing is claimed. */
  async ask(request: TicketRequest): Promise<void> {
    const generation = ++this.#generation
    this.isAsking = true
    const answer = await this.#ask(request)
    if (generation !== this.#generation) return
    this.isAsking = false
    this.answer = answer.ok ? answer.data : null
  }

  /** What is on the ticket has changed: the last answer is about something else. */
  forget(): void {
    this.#generation += 1
    this.isAsking = false
    this.answer = null
  }
}

// Pure: no I/O, no clock, no randomness.
// The registrations of one session: what is wanted, what was asked, and what KIS answered.
//
//   (wanted) ──▶ asked ──▶ registered
//                  └─────▶ refused: not asked again before it was given up once

import type { Ack } from '../frames/frame.ts'
import type { Registration } from '../kis-symbols.ts'

type State = { registration: Registration; is: 'asked' | 'registered' | 'refused'; askedAt: number }
type Named = Pick<Registration, 'trId' | 'trKey'>

const nameOf = ({ trId, trKey }: Named): string => `${trId} ${trKey}`
/** Subscribed; already subscribed. */
const ON = new Set(['OPSP0000', 'OPSP0002'])
/** Unsubscribed; was not there. */
const OFF = new Set(['OPSP0001', 'OPSP0003'])

export class Registrations {
  #wanted = new Map<string, Registration>()
  readonly #states = new Map<string, State>()

  want(registrations: readonly Registration[]): void {
    this.#wanted = new Map(registrations.map((one) => [nameOf(one), one]))
    for (const [name, { is }] of this.#states) {
      if (is === 'refused' && !this.#wanted.has(name)) this.#states.delete(name)
    }
  }

  /** A new session knows nothing of what the last one was told, but what it refused it refuses. */
  forgetAnswers(): void {
    for (const [name, { is }] of this.#states) if (is !== 'refused') this.#states.delete(name)
  }

  /** What is to be said next; what is no more wanted goes first, to make room. Null: all is well. */
  next(nowMs: number, ackMs: number): { registration: Registration; isOn: boolean } | null {
    for (const [name, { registration, is }] of this.#states) {
      if (is === 'refused' || this.#wanted.has(name)) continue
      this.#states.delete(name)
      return { registration, isOn: false }
    }
    for (const [name, registration] of this.#wanted) {
      const state = this.#states.get(name)
      const isLate = state?.is === 'asked' && nowMs - state.askedAt > ackMs
      if (state && !isLate) continue
      this.#states.set(name, { registration, is: 'asked', askedAt: nowMs })
      return { registration, isOn: true }
    }
    return null
  }

  /** True when the answer was a good one. */
  answered(ack: Ack): boolean {
    if (OFF.has(ack.code)) return true
    if (!ON.has(ack.code)) return false
    const state = this.#states.get(nameOf(ack))
    if (state) state.is = 'registered'
    return true
  }

  refuse(ack: Named): Registration | null {
    const state = this.#states.get(nameOf(ack))
    if (!state) return null
    state.is = 'refused'
    return state.registration
  }

  /** There was no room: it is asked for again if it is still wanted when there is. */
  drop(ack: Named): Registration | null {
    const state = this.#states.get(nameOf(ack))
    this.#states.delete(nameOf(ack))
    return state?.registration ?? null
  }

  /** It will be asked for again, once an answer to it would have been late. */
  forget(ack: Named): void {
    const state = this.#states.get(nameOf(ack))
    if (state) state.is = 'asked'
  }

  /** Whether both feeds of a ticker are on. */
  streams(tickerId: string): boolean {
    const on = [...this.#states.values()].filter(
      ({ registration, is }) => registration.tickerId === tickerId && is === 'registered',
    )
    return on.length >= 2
  }
}

// What goes into a Mailbox and what comes out: a command without its instant, and a receipt.

import type { CancelMessage, OrderMessage, PlaceMessage } from '@motu/shared/order-message.ts'

/** Messages that wait for the Mailbox to stamp them. */
export type PlaceCommand = Omit<PlaceMessage, 'accepted_at'>
export type CancelCommand = Omit<CancelMessage, 'cancel_requested_at'>
export type Command = PlaceCommand | CancelCommand

export type Receipt =
  /** Safe: with the courier, or on this edge's disk. `at` is the instant of the first acceptance. */
  | { outcome: 'queued' | 'held'; at: string }
  /** The client order id belongs to an order of other content. */
  | { outcome: 'mismatch' }
  /** Not kept. When ambiguous, it may have reached the queue all the same. */
  | { outcome: 'refused'; isAmbiguous: boolean }

/** The message a command becomes when it is accepted. */
export function messageOf(command: Command, at: string): OrderMessage {
  return command.kind === 'place'
    ? { ...command, accepted_at: at }
    : { ...command, cancel_requested_at: at }
}
